import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createPoll } from '../js/poll/poll.js';
import { answerOf, createFakeTimers, createHeldRequest, failure, settled } from './fakes.js';

describe('the poll', () => {
  let timers;
  let calls;
  let poll;
  let polled;
  let chance;

  beforeEach(() => {
    timers = createFakeTimers();
    const held = createHeldRequest();
    calls = held.calls;
    chance = 0;
    poll = createPoll({ request: held.request, timers, random: () => chance });
    polled = [];
    poll.polled.on((answer) => polled.push(answer));
  });

  async function answerLast(...answer) {
    calls.at(-1).resolve(answerOf(...answer));
    await settled();
  }

  async function failLast(...reason) {
    calls.at(-1).reject(failure(...reason));
    await settled();
  }

  it('has one request in flight, however long the answer takes', async () => {
    poll.start();
    poll.start();
    poll.pollNow();
    await timers.advance(60_000);
    assert.equal(calls.length, 1);
  });

  it('is armed again a second after the answer', async () => {
    poll.start();
    await timers.advance(5000);
    await answerLast({ me: 'alice' });
    await timers.advance(999);
    assert.equal(calls.length, 1);
    await timers.advance(1);
    assert.equal(calls.length, 2);
    assert.deepEqual(polled, [{ me: 'alice' }]);
  });

  it('sends the ETag that it has, and keeps it over a 304', async () => {
    poll.start();
    assert.deepEqual([calls[0].headers, 304 in calls[0].expects], [{}, false]);
    await answerLast({}, { headers: { ETag: '"7"' } });
    await timers.advance(1000);
    assert.equal(calls[1].expects[304], null);
    assert.deepEqual(calls[1].headers, { 'If-None-Match': '"7"' });
    await answerLast(null, { status: 304 });
    await timers.advance(1000);
    assert.deepEqual(calls[2].headers, { 'If-None-Match': '"7"' });
    assert.deepEqual(polled, [{}, null]);
  });

  it('obeys X-Poll-Interval with decimals, also of a 304', async () => {
    poll.start();
    await answerLast(null, { status: 304, headers: { 'X-Poll-Interval': '2.5' } });
    await timers.advance(2499);
    assert.equal(calls.length, 1);
    await timers.advance(1);
    assert.equal(calls.length, 2);
  });

  it('never asks faster than five times a second', async () => {
    poll.start();
    await answerLast({}, { headers: { 'X-Poll-Interval': '0' } });
    await timers.advance(199);
    assert.equal(calls.length, 1);
  });

  it('backs off twice as long after each failure, up to 30 seconds', async () => {
    const waits = [];
    poll.start();
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await failLast('network');
      const before = calls.length;
      let waitedMs = 0;
      while (calls.length === before) {
        await timers.advance(500);
        waitedMs += 500;
      }
      waits.push(waitedMs);
    }
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('comes back a little later by chance, so that not all come at once', async () => {
    chance = 0.5;
    poll.start();
    await failLast('network');
    await timers.advance(1249);
    assert.equal(calls.length, 1);
    await timers.advance(1);
    assert.equal(calls.length, 2);
    await failLast('server.busy', { status: 503, retryAfter: 10 });
    await timers.advance(12_499);
    assert.equal(calls.length, 2);
    await timers.advance(1);
    assert.equal(calls.length, 3);
  });

  it('backs off from the longer interval of a busy server', async () => {
    poll.start();
    await answerLast({}, { headers: { 'X-Poll-Interval': '2.5' } });
    await timers.advance(2500);
    await failLast('server.busy', { status: 503 });
    await timers.advance(2499);
    assert.equal(calls.length, 2);
    await timers.advance(1);
    assert.equal(calls.length, 3);
  });

  it('tells its failures, and that they are over', async () => {
    const told = [];
    poll.connectionChanged.on(({ failures, error }) => told.push([failures, error?.code]));
    poll.start();
    await failLast('network');
    await timers.advance(1000);
    await failLast('server.error', { status: 503 });
    await timers.advance(2000);
    await answerLast({});
    assert.deepEqual(told, [
      [1, 'network'],
      [2, 'server.error'],
      [0, undefined],
    ]);
    await timers.advance(1000);
    assert.equal(calls.length, 4);
  });

  it('waits as long as Retry-After says', async () => {
    poll.start();
    await failLast('request.rateLimited', { status: 429, retryAfter: 7 });
    await timers.advance(6999);
    assert.equal(calls.length, 1);
    await timers.advance(1);
    assert.equal(calls.length, 2);
  });

  it('stops at a 401', async () => {
    poll.start();
    await failLast('account.signInRequired', { status: 401 });
    await timers.advance(100_000);
    assert.equal(calls.length, 1);
    assert.equal(timers.armedCount(), 0);
  });

  it('tries at once when asked to, in place of the armed attempt', async () => {
    poll.start();
    await failLast('network');
    poll.pollNow();
    assert.equal(calls.length, 2);
    await timers.advance(1000);
    assert.equal(calls.length, 2);
  });

  it('drops the answer that comes after a stop, and starts without the old ETag', async () => {
    poll.start();
    await answerLast({ me: 'alice' }, { headers: { ETag: '"7"' } });
    await timers.advance(1000);
    poll.stop();
    await answerLast({ me: 'alice' });
    await timers.advance(60_000);
    assert.equal(calls.length, 2);
    poll.start();
    await settled();
    assert.deepEqual(calls.at(-1).headers, {});
    assert.equal(calls.length, 3);
    assert.equal(polled.length, 1);
  });
});
