import { waitAfter } from '../session/back_off.js';
import { createEvent } from '../shell/event.js';

const usualIntervalMs = 1000;
const shortestIntervalMs = 200;
const longestIntervalMs = 60_000;
const fullAnswer = { 200: { me: 'alice', online: [], onlineFull: false, conversations: [] } };

// The poll. At most one request is in flight; the next is armed when its answer has come.
export function createPoll({ request, timers, random }) {
  const polled = createEvent();
  const connectionChanged = createEvent();
  let running = false;
  let flight = null;
  let timer = null;
  let etag = null;
  let intervalMs = usualIntervalMs;
  let connection = { failures: 0, error: null };

  // With the ETag of an answer that is known already, the first answer may be "unchanged".
  function start(knownEtag = null) {
    if (running) {
      return;
    }
    running = true;
    etag = knownEtag;
    intervalMs = usualIntervalMs;
    // Counted again, but told by the first answer only: until then nobody knows whether it is back.
    connection = { failures: 0, error: null };
    poll();
  }

  function stop() {
    running = false;
    timers.clearTimeout(timer);
    flight?.abort();
    flight = null;
  }

  function pollNow() {
    if (running && !flight) {
      timers.clearTimeout(timer);
      poll();
    }
  }

  async function poll() {
    const mine = new AbortController();
    flight = mine;
    const outcome = await ask(mine.signal);
    // A stopped poll may still get its answer: it belongs to somebody who has signed out.
    if (flight !== mine) {
      return;
    }
    flight = null;
    if (outcome.error?.code === 'account.signInRequired') {
      stop();
    } else if (outcome.error) {
      backOff(outcome.error);
    } else {
      accept(outcome.answer);
    }
  }

  async function ask(signal) {
    try {
      return { answer: await request('GET', '/api/total', { ...questionAfter(etag), signal }) };
    } catch (error) {
      return { error };
    }
  }

  function accept({ status, headers, body }) {
    intervalMs = intervalOf(headers.get('X-Poll-Interval')) ?? intervalMs;
    // Armed before anybody hears of the answer, so that a fault in a listener cannot end the poll.
    arm(intervalMs);
    setConnection({ failures: 0, error: null });
    if (status === 304) {
      polled.emit(null);
      return;
    }
    etag = headers.get('ETag');
    polled.emit(body);
  }

  function backOff(error) {
    const failures = connection.failures + 1;
    arm(waitAfter(failures, error, { firstMs: intervalMs, random }));
    setConnection({ failures, error });
  }

  function arm(delayMs) {
    timer = timers.setTimeout(poll, delayMs);
  }

  function setConnection(next) {
    const changed = next.failures !== connection.failures;
    connection = next;
    if (changed) {
      connectionChanged.emit(connection);
    }
  }

  return { start, stop, pollNow, polled, connectionChanged, etag: () => etag };
}

// "Unchanged" is an answer only to anyone who has named what they know.
function questionAfter(etag) {
  return etag === null
    ? { expects: fullAnswer, headers: {} }
    : { expects: { ...fullAnswer, 304: null }, headers: { 'If-None-Match': etag } };
}

function intervalOf(headerText) {
  const seconds = Number.parseFloat(headerText ?? '');
  if (!Number.isFinite(seconds)) {
    return null;
  }
  return Math.min(longestIntervalMs, Math.max(shortestIntervalMs, seconds * 1000));
}
