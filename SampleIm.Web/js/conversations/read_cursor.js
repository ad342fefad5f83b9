import { RequestError } from '../session/answer.js';
import { waitAfter } from '../session/back_off.js';
import { pathOfConversation } from '../shell/route.js';

// Tells the server how far the reader has come. One request at a time for a conversation, the farthest place last.
export function createReadCursor({ request, timers, onRead, random }) {
  const cursors = new Map();

  function advance(id, seq) {
    const cursor = cursors.get(id) ?? { wanted: 0, told: 0, failures: 0, isBusy: false, timer: null };
    cursors.set(id, cursor);
    cursor.wanted = Math.max(cursor.wanted, seq);
    if (!cursor.isBusy) {
      work(id, cursor);
    }
  }

  async function work(id, cursor) {
    cursor.isBusy = true;
    try {
      while (cursor.told < cursor.wanted && isCurrent(id, cursor)) {
        await tell(id, cursor);
      }
      cursor.isBusy = false;
    } catch (error) {
      onFailed(id, cursor, error);
    }
  }

  async function tell(id, cursor) {
    const seq = cursor.wanted;
    await request('PUT', `${pathOfConversation(id)}/read`, { expects: { 204: null }, body: { seq } });
    cursor.told = seq;
    cursor.failures = 0;
    onRead(id, seq);
  }

  // It stays busy while it rests: every scroll may ask for the same again.
  function onFailed(id, cursor, error) {
    if (error.isPassing && isCurrent(id, cursor)) {
      cursor.failures += 1;
      cursor.timer = timers.setTimeout(() => work(id, cursor), waitAfter(cursor.failures, error, { random }));
      return;
    }
    cursor.isBusy = false;
    if (!(error instanceof RequestError)) {
      throw error;
    }
    // Refused for good: the next message may fare better.
    cursor.told = cursor.wanted;
  }

  function isCurrent(id, cursor) {
    return cursors.get(id) === cursor;
  }

  function reset() {
    cursors.forEach(({ timer }) => timers.clearTimeout(timer));
    cursors.clear();
  }

  return { advance, reset };
}
