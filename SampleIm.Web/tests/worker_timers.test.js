import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWorkerTimers } from '../js/shell/worker_timers.js';
import { createFakeTimers } from './fakes.js';

describe('the timers of the worker', () => {
  function createFakeWorker() {
    const worker = { said: [] };
    worker.postMessage = (message) => worker.said.push(message);
    return worker;
  }

  it('ring when the worker says so, and not after they were cleared', () => {
    const worker = createFakeWorker();
    const timers = createWorkerTimers({ createWorker: () => worker, pageTimers: createFakeTimers() });
    const rung = [];
    const first = timers.setTimeout(() => rung.push('first'), 1000);
    const second = timers.setTimeout(() => rung.push('second'), 2000);
    assert.deepEqual(worker.said, [
      { id: first, delayMs: 1000 },
      { id: second, delayMs: 2000 },
    ]);
    timers.clearTimeout(second);
    assert.deepEqual(worker.said.at(-1), { id: second, delayMs: null });
    worker.onmessage({ data: first });
    worker.onmessage({ data: second });
    assert.deepEqual(rung, ['first']);
  });

  it('are the page’s own where there is no worker', async () => {
    const pageTimers = createFakeTimers();
    const createWorker = () => {
      throw new Error('refused');
    };
    const timers = createWorkerTimers({ createWorker, pageTimers });
    const rung = [];
    timers.setTimeout(() => rung.push('kept'), 1000);
    timers.clearTimeout(timers.setTimeout(() => rung.push('cleared'), 1000));
    await pageTimers.advance(1000);
    assert.deepEqual(rung, ['kept']);
  });

  it('go over to the page when the worker fails', async () => {
    const worker = createFakeWorker();
    const pageTimers = createFakeTimers();
    const timers = createWorkerTimers({ createWorker: () => worker, pageTimers });
    const rung = [];
    timers.setTimeout(() => rung.push('armed before'), 1000);
    worker.onerror();
    timers.setTimeout(() => rung.push('armed after'), 1000);
    await pageTimers.advance(1000);
    assert.deepEqual(rung, ['armed before', 'armed after']);
  });
});
