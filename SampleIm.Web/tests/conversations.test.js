import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createConversations } from '../js/conversations/conversations.js';
import { createOpenTalk } from '../js/messages/open_talk.js';
import { createReadCursor } from '../js/conversations/read_cursor.js';
import {
  answerOf,
  createAnsweredRequest,
  createFakeTimers,
  createHeldRequest,
  failure,
  messageOf,
  settled,
} from './fakes.js';

const lobby = { id: 'lobby', kind: 'room', title: 'Lobby', lastSeq: 9, version: 9, readSeq: 6, unread: 3 };
const bob = { id: '@bob', kind: 'direct', title: 'Bob', lastSeq: 0, version: 0, readSeq: 0, unread: 0 };

function totalOf(...conversations) {
  return { me: 'alice', online: [], onlineFull: false, conversations };
}

describe('the conversations', () => {
  it('open a listed one without asking', async () => {
    const { request, calls } = createAnsweredRequest(() => assert.fail('asked'));
    const conversations = createConversations({ request });
    conversations.accept(totalOf(lobby));
    assert.equal((await conversations.open('lobby')).id, 'lobby');
    assert.equal(calls.length, 0);
  });

  it('show a talk without messages while it is open, under the name that the server gives', async () => {
    const { request, calls } = createAnsweredRequest(() => answerOf(bob));
    const conversations = createConversations({ request });
    conversations.accept(totalOf(lobby));
    assert.equal((await conversations.open('@Bob')).id, '@bob');
    assert.equal(calls[0].path, '/api/conversations/%40Bob');
    assert.deepEqual(
      conversations.list().map(({ id }) => id),
      ['@bob', 'lobby'],
    );
    conversations.accept(totalOf({ ...bob, lastSeq: 1, version: 1 }, lobby));
    assert.deepEqual(
      conversations.list().map(({ id }) => id),
      ['@bob', 'lobby'],
    );
    conversations.close();
    assert.equal(conversations.openId(), null);
  });

  it('let a later opening win over a slower earlier one', async () => {
    const { request, calls } = createHeldRequest();
    const conversations = createConversations({ request });
    conversations.accept(totalOf(lobby));
    const slow = conversations.open('@bob');
    await conversations.open('lobby');
    calls[0].resolve(answerOf(bob));
    assert.equal(await slow, null);
    assert.equal(conversations.openId(), 'lobby');
  });

  it('are not told that an opening failed which another one has replaced', async () => {
    const { request, calls } = createHeldRequest();
    const conversations = createConversations({ request });
    conversations.accept(totalOf(lobby));
    const slow = conversations.open('@nobody');
    await conversations.open('lobby');
    calls[0].reject(failure('user.unknown', { status: 404 }));
    assert.equal(await slow, null);
    assert.equal(conversations.openId(), 'lobby');
  });

  it('keep the open talk without messages when a slower answer comes', async () => {
    const { request, calls } = createHeldRequest();
    const conversations = createConversations({ request });
    const slow = conversations.open('@carol');
    const quick = conversations.open('@bob');
    calls[1].resolve(answerOf(bob));
    await quick;
    calls[0].resolve(answerOf({ ...bob, id: '@carol' }));
    await slow;
    assert.deepEqual(
      conversations.list().map(({ id }) => id),
      ['@bob'],
    );
  });

  it('count as read at once what the page has read', () => {
    const conversations = createConversations({ request: null });
    conversations.accept(totalOf(lobby));
    assert.equal(conversations.unread(), 3);
    conversations.markRead('lobby', 8);
    assert.equal(conversations.unread(), 1);
    conversations.accept(totalOf({ ...lobby, readSeq: 9, unread: 0 }));
    assert.equal(conversations.unread(), 0);
  });
});

describe('the number of unread messages', () => {
  let conversations;

  beforeEach(() => {
    conversations = createConversations({ request: null });
  });

  function unreadAfter(total) {
    conversations.accept(totalOf({ ...lobby, ...total }));
    return conversations.unread();
  }

  it('is the server’s, which does not count what was recalled', () => {
    assert.equal(unreadAfter({ lastSeq: 9, readSeq: 6, unread: 1 }), 1);
    assert.equal(unreadAfter({ lastSeq: 10, readSeq: 6, unread: 0 }), 0);
  });

  it('counts down what was read and not what was recalled', () => {
    // Of 7 to 12 the second and the last are recalled.
    assert.equal(unreadAfter({ lastSeq: 12, readSeq: 6, unread: 4 }), 4);
    conversations.markRead('lobby', 9, [8]);
    assert.equal(conversations.unread(), 2);
    assert.equal(unreadAfter({ lastSeq: 12, readSeq: 7, unread: 3 }), 2);
    assert.equal(unreadAfter({ lastSeq: 12, readSeq: 9, unread: 2 }), 2);
    conversations.markRead('lobby', 12, [8, 12]);
    assert.equal(unreadAfter({ lastSeq: 13, readSeq: 9, unread: 3 }), 1);
  });

  it('is never less than none, nor more than there are', () => {
    conversations.markRead('lobby', 9, []);
    assert.equal(unreadAfter({ lastSeq: 9, readSeq: 6, unread: 1 }), 0);
    assert.equal(unreadAfter({ lastSeq: 10, readSeq: 6, unread: 9 }), 1);
  });
});

describe('the open talk', () => {
  it('asks again after a passing failure, although the poll shows nothing new', async () => {
    let isDown = true;
    const { request, calls } = createAnsweredRequest(() => {
      if (isDown) {
        throw failure('server.error', { status: 503 });
      }
      return answerOf({ messages: [messageOf(9)], hasMore: true });
    });
    const conversations = createConversations({ request });
    conversations.accept(totalOf(lobby));
    const openTalk = createOpenTalk({ request, conversations, timers: createFakeTimers() });
    openTalk.open(lobby);
    await settled();
    isDown = false;
    openTalk.follow();
    await settled();
    assert.equal(calls.length, 2);
    assert.equal(openTalk.current().messages.newestSeq(), 9);
  });

  it('does not ask again after a refusal', async () => {
    const { request, calls } = createAnsweredRequest(() => {
      throw failure('conversation.notMember', { status: 403 });
    });
    const conversations = createConversations({ request });
    conversations.accept(totalOf(lobby));
    const openTalk = createOpenTalk({ request, conversations, timers: createFakeTimers() });
    openTalk.open(lobby);
    await settled();
    openTalk.follow();
    await settled();
    assert.equal(calls.length, 1);
  });
});

describe('the read cursor', () => {
  it('tells the farthest place, one request at a time, and never goes back', async () => {
    const { request, calls } = createHeldRequest();
    const read = [];
    const timers = createFakeTimers();
    const cursor = createReadCursor({ request, timers, onRead: (id, seq) => read.push([id, seq]) });
    cursor.advance('lobby', 5);
    cursor.advance('lobby', 6);
    cursor.advance('lobby', 9);
    assert.deepEqual(
      calls.map(({ body }) => body.seq),
      [5],
    );
    calls[0].resolve(answerOf(null, { status: 204 }));
    await settled();
    calls[1].resolve(answerOf(null, { status: 204 }));
    await settled();
    cursor.advance('lobby', 7);
    assert.deepEqual(
      calls.map(({ body }) => body.seq),
      [5, 9],
    );
    assert.deepEqual(read, [
      ['lobby', 5],
      ['lobby', 9],
    ]);
  });

  it('tries again by itself after a failure, and no sooner however often one scrolls', async () => {
    const timers = createFakeTimers();
    const { request, calls } = createHeldRequest();
    const read = [];
    const onRead = (id, seq) => read.push(seq);
    const cursor = createReadCursor({ request, timers, onRead, random: () => 0 });
    cursor.advance('lobby', 5);
    calls[0].reject(failure('network'));
    await settled();
    await timers.advance(999);
    cursor.advance('lobby', 6);
    assert.equal(calls.length, 1);
    await timers.advance(1);
    calls[1].reject(failure('server.busy', { status: 503, retryAfter: 7 }));
    await settled();
    await timers.advance(6999);
    assert.equal(calls.length, 2);
    await timers.advance(1);
    assert.equal(calls[2].body.seq, 6);
    calls[2].resolve(answerOf(null, { status: 204 }));
    await settled();
    assert.deepEqual(read, [6]);
    cursor.advance('lobby', 7);
    assert.equal(calls.length, 4);
  });

  it('asks no second time for what was refused', async () => {
    const { request, calls } = createHeldRequest();
    const cursor = createReadCursor({
      request,
      timers: createFakeTimers(),
      onRead: () => assert.fail('read'),
    });
    cursor.advance('lobby', 5);
    calls[0].reject(failure('conversation.notMember', { status: 403 }));
    await settled();
    cursor.advance('lobby', 5);
    assert.equal(calls.length, 1);
    cursor.advance('lobby', 6);
    assert.equal(calls.length, 2);
  });

  it('tells nothing more once the sign-in has ended', async () => {
    const timers = createFakeTimers();
    const { request, calls } = createHeldRequest();
    const cursor = createReadCursor({ request, timers, onRead: () => {} });
    cursor.advance('lobby', 5);
    calls[0].reject(failure('network'));
    await settled();
    cursor.reset();
    await timers.advance(60_000);
    assert.equal(calls.length, 1);
  });
});
