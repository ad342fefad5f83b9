import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createArrival } from '../js/session/arrival.js';
import { createFakeTimers, failure, settled } from './fakes.js';

describe('the arrival', () => {
  let timers;
  let asked;
  let current;
  let told;
  let arrival;

  beforeEach(() => {
    timers = createFakeTimers();
    asked = [];
    current = undefined;
    told = [];
    const load = () => new Promise((resolve, reject) => asked.push({ resolve, reject }));
    arrival = createArrival({
      account: { load, current: () => current },
      timers,
      onConnection: ({ failures }) => told.push(failures),
      random: () => 0,
    });
    arrival.begin();
  });

  async function fail(...reason) {
    asked.at(-1).reject(failure(...reason));
    await settled();
  }

  it('asks until there is an answer, ever more slowly, and as slowly as the server asks', async () => {
    await fail('network');
    await timers.advance(1000);
    await fail('server.busy', { status: 503, retryAfter: 9 });
    await timers.advance(8999);
    assert.equal(asked.length, 2);
    await timers.advance(1);
    asked[2].resolve();
    await settled();
    await timers.advance(60_000);
    assert.equal(asked.length, 3);
    assert.deepEqual(told, [Infinity, Infinity, 0]);
  });

  it('asks at once when somebody wants it, and one question at a time', async () => {
    arrival.tryNow();
    await fail('network');
    arrival.tryNow();
    arrival.tryNow();
    await timers.advance(60_000);
    assert.equal(asked.length, 2);
  });

  it('asks no more when somebody has signed in through the form', async () => {
    await fail('network');
    current = { username: 'alice' };
    await timers.advance(60_000);
    arrival.tryNow();
    assert.equal(asked.length, 1);
  });
});
