import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createLeadership } from '../js/poll/leadership.js';
import { createPoll } from '../js/poll/poll.js';
import { createTotal } from '../js/poll/total.js';
import { answerOf, createFakeHub, createFakeTimers, createHeldRequest, failure, settled } from './fakes.js';

describe('the poll that tabs share', () => {
  let timers;
  let hub;
  let ids;

  beforeEach(() => {
    timers = createFakeTimers();
    hub = createFakeHub();
    ids = 0;
  });

  async function createTab() {
    const { request, calls } = createHeldRequest();
    const channel = hub.open();
    const newId = () => `tab-${(ids += 1)}`;
    const leadership = createLeadership({ channel, timers, newId, random: () => 0 });
    const total = createTotal({
      poll: createPoll({ request, timers, random: () => 0 }),
      leadership,
      channel,
    });
    const polled = [];
    total.polled.on((body) => polled.push(body));
    total.start();
    await timers.advance(100);
    return { ...total, calls, polled, channel };
  }

  async function answer(tab, body, etag, status = 200) {
    tab.calls.at(-1).resolve(answerOf(body, { status, headers: { ETag: etag } }));
    await settled();
  }

  it('asks in the leading tab, and is heard in all', async () => {
    const [first, second] = [await createTab(), await createTab()];
    await answer(first, { me: 'alice' }, '"1"');
    await timers.advance(1000);
    await answer(first, null, '"1"', 304);
    await timers.advance(10_000);
    assert.equal(second.calls.length, 0);
    assert.deepEqual(first.polled, [{ me: 'alice' }, null]);
    assert.deepEqual(second.polled, [{ me: 'alice' }, null]);
  });

  it('tells a newcomer the last answer at once', async () => {
    const first = await createTab();
    await answer(first, { me: 'alice' }, '"1"');
    const second = await createTab();
    assert.deepEqual(second.polled, [{ me: 'alice' }]);
  });

  it('goes on in another tab with the ETag that it has heard', async () => {
    const [first, second] = [await createTab(), await createTab()];
    await answer(first, { me: 'alice' }, '"1"');
    first.suspend();
    await timers.advance(10);
    assert.deepEqual(second.calls[0].headers, { 'If-None-Match': '"1"' });
    await timers.advance(60_000);
    assert.equal(first.calls.length, 1);
  });

  it('comes back as a follower after it was suspended', async () => {
    const [first, second] = [await createTab(), await createTab()];
    await answer(first, { me: 'alice' }, '"1"');
    first.suspend();
    await timers.advance(10);
    first.wakeUp();
    await timers.advance(60_000);
    assert.equal(first.calls.length, 1);
    assert.equal(second.calls.length, 1);
  });

  it('is asked for at once by any tab', async () => {
    const [first, second] = [await createTab(), await createTab()];
    await answer(first, { me: 'alice' }, '"1"');
    second.pollNow();
    assert.equal(first.calls.length, 2);
  });

  it('tells all tabs that the connection is lost, and that it is back', async () => {
    const [first, second] = [await createTab(), await createTab()];
    const told = [];
    second.connectionChanged.on(({ failures, error }) =>
      told.push([failures, error?.code, error?.isPassing]),
    );
    first.calls[0].reject(failure('network'));
    await settled();
    await timers.advance(1000);
    await answer(first, {}, '"1"');
    assert.deepEqual(told, [
      [1, 'network', true],
      [0, undefined, undefined],
    ]);
  });

  it('is quiet again with the first answer of a tab that takes over after an outage', async () => {
    const [first, second, third] = [await createTab(), await createTab(), await createTab()];
    const told = [];
    [second, third].forEach((tab) => tab.connectionChanged.on(({ failures }) => told.push(failures)));
    first.calls[0].reject(failure('network'));
    await settled();
    first.suspend();
    await timers.advance(10);
    assert.deepEqual(told, [1, 1]);
    const next = [second, third].find(({ calls }) => calls.length > 0);
    await answer(next, { me: 'alice' }, '"1"');
    assert.deepEqual(told, [1, 1, 0, 0]);
  });

  it('does not call the connection back when a newcomer is told what was answered before', async () => {
    const [first, second] = [await createTab(), await createTab()];
    await answer(first, { me: 'alice' }, '"1"');
    await timers.advance(1000);
    first.calls.at(-1).reject(failure('network'));
    await settled();
    second.connectionChanged.on(() => assert.fail('nothing new is known'));
    await createTab();
  });

  it('asks for the answer that it has missed', async () => {
    const [first, second] = [await createTab(), await createTab()];
    await answer(first, { me: 'alice' }, '"1"');
    await timers.advance(1000);
    first.channel.post({ kind: 'polled', etag: '"2"', body: null });
    assert.deepEqual(second.polled, [{ me: 'alice' }, { me: 'alice' }]);
  });

  it('stops with the sign-in', async () => {
    const [first, second] = [await createTab(), await createTab()];
    await answer(first, { me: 'alice' }, '"1"');
    first.stop();
    second.stop();
    await timers.advance(60_000);
    assert.equal(first.calls.length + second.calls.length, 1);
    assert.equal(timers.armedCount(), 0);
  });
});
