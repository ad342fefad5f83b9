import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createConversations } from '../js/conversations/conversations.js';
import { createEvent } from '../js/shell/event.js';
import { createNavigation } from '../js/conversations/navigation.js';
import { answerOf, createFakeTimers, createHeldRequest, failure, settled } from './fakes.js';

const lobby = { id: 'lobby', kind: 'room', title: 'Lobby', lastSeq: 0, version: 0, readSeq: 0, unread: 0 };

describe('the navigation', () => {
  let calls;
  let location;
  let opened;
  let refused;
  let navigation;
  let timers;
  let delayed;

  beforeEach(() => {
    timers = createFakeTimers();
    const held = createHeldRequest();
    calls = held.calls;
    opened = [];
    delayed = [];
    refused = createEvent();
    location = { hash: '', replace: (hash) => goTo(hash) };
    const conversations = createConversations({ request: held.request });
    conversations.accept({ conversations: [lobby] });
    const openTalk = {
      open: (conversation) => opened.push(conversation),
      close: () => opened.push(null),
      current: () => opened.at(-1) ?? null,
    };
    const onRefused = refused.emit;
    navigation = createNavigation({
      location,
      conversations,
      openTalk,
      timers,
      onOpened: () => {},
      onDelayed: ({ code }) => delayed.push(code),
      onRefused,
      random: () => 0,
    });
  });

  async function goTo(hash) {
    location.hash = hash;
    navigation.follow();
    await settled();
  }

  it('goes to the list when what the address names is refused', async () => {
    const errors = [];
    refused.on(({ code }) => errors.push(code));
    await goTo('#/@nobody');
    calls[0].reject(failure('user.unknown', { status: 404 }));
    await settled();
    assert.equal(location.hash, '#/');
    assert.deepEqual(errors, ['user.unknown']);
  });

  it('stays where one has gone meanwhile, whatever becomes of the older way', async () => {
    refused.on(() => assert.fail('told of it'));
    await goTo('#/@nobody');
    await goTo('#/lobby');
    calls[0].reject(failure('user.unknown', { status: 404 }));
    await settled();
    assert.equal(location.hash, '#/lobby');
    assert.deepEqual(opened, [lobby]);
  });

  it('stays where one has come back to while another conversation was asked for', async () => {
    await goTo('#/lobby');
    await goTo('#/@bob');
    await goTo('#/lobby');
    calls[0].resolve(answerOf({ ...lobby, id: '@bob', kind: 'direct' }));
    await settled();
    assert.equal(opened.at(-1).id, 'lobby');
  });

  it('tries again at the next poll what has failed for want of a connection', async () => {
    await goTo('#/@bob');
    calls[0].reject(failure('network'));
    await settled();
    navigation.retry();
    assert.equal(calls.length, 2);
    assert.equal(location.hash, '#/@bob');
  });

  it('waits as long as a busy server asks, and says so once', async () => {
    await goTo('#/@bob');
    for (const index of [0, 1]) {
      calls[index].reject(failure('server.busy', { status: 503, retryAfter: 5 }));
      await settled();
      navigation.retry();
      assert.equal(calls.length, index + 1);
      await timers.advance(5000);
      navigation.retry();
      assert.equal(calls.length, index + 2);
    }
    assert.deepEqual(delayed, ['server.busy']);
    calls[2].resolve(answerOf({ ...lobby, id: '@bob', kind: 'direct' }));
    await settled();
    assert.equal(opened.at(-1).id, '@bob');
  });

  it('goes at once where the person goes, whatever the server has asked for', async () => {
    await goTo('#/@bob');
    calls[0].reject(failure('request.rateLimited', { status: 429, retryAfter: 60 }));
    await settled();
    await goTo('#/lobby');
    assert.equal(opened.at(-1).id, 'lobby');
  });
});
