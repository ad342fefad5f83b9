import { RequestError } from '../session/answer.js';
import { createEvent } from '../shell/event.js';

const quiet = { failures: 0, error: null };

// What the poll brings, in every tab: the leading one asks and tells the others, so that ten tabs cost one poll.
export function createTotal({ poll, leadership, channel }) {
  const polled = createEvent();
  const connectionChanged = createEvent();
  let running = false;
  let latest = null;
  let connection = quiet;

  function start() {
    running = true;
    latest = null;
    setConnection(quiet);
    leadership.join();
  }

  function stop() {
    running = false;
    suspend();
  }

  // The page goes, perhaps to come back just as it was.
  function suspend() {
    poll.stop();
    leadership.leave();
  }

  function wakeUp() {
    if (running) {
      leadership.join();
      pollNow();
    }
  }

  function pollNow() {
    if (leadership.isLeader()) {
      poll.pollNow();
    } else {
      channel.post({ kind: 'pollNow' });
    }
  }

  function onLeadership(isLeader) {
    if (isLeader && running) {
      poll.start(latest?.etag);
    } else {
      poll.stop();
    }
  }

  function onAnswer(body) {
    if (body) {
      latest = { etag: poll.etag(), body };
    }
    channel.post({ kind: 'polled', etag: poll.etag(), body });
    // The failures may be those that another tab met, which led before.
    setConnection(quiet);
    polled.emit(body);
  }

  function onConnection(next) {
    const { code, status, retryAfter } = next.error ?? {};
    channel.post({
      kind: 'connection',
      failures: next.failures,
      error: code ? { code, status, retryAfter } : null,
    });
    setConnection(next);
  }

  function hearAsLeader(message) {
    if (message.kind === 'pollNow') {
      poll.pollNow();
    } else if (message.kind === 'hello' && latest) {
      channel.post({ kind: 'polled', ...latest, isRepeated: true });
    }
  }

  function hearAsFollower(message) {
    if (message.kind === 'polled') {
      follow(message);
    } else if (message.kind === 'connection') {
      setConnection({ failures: message.failures, error: message.error && new RequestError(message.error) });
    }
  }

  function follow({ etag, body, isRepeated }) {
    if (!isRepeated) {
      setConnection(quiet);
    }
    if (!body && latest?.etag !== etag) {
      // Unchanged since an answer that this tab has never heard.
      channel.post({ kind: 'hello' });
      return;
    }
    latest = body ? { etag, body } : latest;
    polled.emit(body);
  }

  function setConnection(next) {
    const isNews = next.failures !== connection.failures;
    connection = next;
    if (isNews) {
      connectionChanged.emit(connection);
    }
  }

  leadership.changed.on(onLeadership);
  poll.polled.on(onAnswer);
  poll.connectionChanged.on(onConnection);
  channel.received.on((message) => {
    if (running) {
      (leadership.isLeader() ? hearAsLeader : hearAsFollower)(message);
    }
  });

  return { start, stop, suspend, wakeUp, pollNow, polled, connectionChanged };
}
