import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createLimits } from '../js/composer/limits.js';
import { answerOf, createFakeTimers, createHeldRequest, failure, settled } from './fakes.js';

const small = { messages: { maxLength: 7 }, images: { maxBytes: 2048, maxPixels: 6 } };

describe('the limits', () => {
  let timers;
  let calls;
  let limits;

  beforeEach(() => {
    timers = createFakeTimers();
    const held = createHeldRequest();
    calls = held.calls;
    limits = createLimits({ request: held.request, timers, random: () => 0 });
  });

  async function answer(body) {
    calls.at(-1).resolve(answerOf(body));
    await settled();
  }

  async function fail(...reason) {
    calls.at(-1).reject(failure(...reason));
    await settled();
  }

  it('are none until the server says them', async () => {
    const told = [];
    limits.changed.on(() => told.push(limits.current()));
    limits.load();
    assert.deepEqual(Object.values(limits.current()), [Infinity, Infinity, Infinity]);
    await answer(small);
    assert.deepEqual(told, [{ textLength: 7, imageBytes: 2048, imagePixels: 6 }]);
    limits.load();
    await answer({ ...small, messages: { maxLength: 8 } });
    assert.equal(limits.current().textLength, 8);
  });

  it('are asked for until they are known', async () => {
    limits.load();
    await fail('answer.unexpected', { status: 200 });
    await timers.advance(1000);
    await fail('server.busy', { status: 503, retryAfter: 9 });
    await timers.advance(8999);
    assert.equal(calls.length, 2);
    await timers.advance(1);
    await answer(small);
    assert.equal(limits.current().textLength, 7);
    assert.equal(timers.armedCount(), 0);
  });

  it('are not asked for again where the server knows none, nor after the sign-in has ended', async () => {
    limits.load();
    await fail('request.unknownPath', { status: 404 });
    assert.equal(timers.armedCount(), 0);
    limits.load();
    await fail('network');
    limits.stop();
    assert.equal(timers.armedCount(), 0);
    limits.load();
    limits.stop();
    await settled();
    await timers.advance(60_000);
    assert.equal(calls.length, 3);
  });
});
