import { RequestError } from '../session/answer.js';
import { now } from '../text/clock.js';

const everyonesPrefix = 'sampleim.outbox.';

// Unsent messages in the browser's storage, one key an item; every tab of the same user sees the same ones.
export function createOutboxStore({ storage }) {
  let owner = null;
  let prefix = null;

  function start(username) {
    owner = username;
    // A username may hold a dot, and so be the beginning of another one with its dot; encoded, none holds a slash.
    prefix = `${everyonesPrefix}${encodeURIComponent(username)}/`;
  }

  function write({ clientId, conversation, text, sentAt, hasPicture, imageId, status, error }) {
    const reason = error && { code: error.code, status: error.status, retryAfter: error.retryAfter };
    const record = { clientId, conversation, text, sentAt, hasPicture, imageId, status, error: reason };
    return storage.set(prefix + clientId, JSON.stringify({ owner, ...record }));
  }

  function read() {
    return storage
      .keys(prefix)
      .map(recordAt)
      .filter((record) => record !== null)
      .sort((a, b) => a.sentAt.localeCompare(b.sentAt));
  }

  // A record that cannot be read would be there for good: it is removed, and the others go on.
  function recordAt(key) {
    const stored = parsed(storage.get(key));
    const clientId = key.slice(prefix.length);
    if (!isRecord(stored) || stored.clientId !== clientId) {
      storage.remove(key);
      return null;
    }
    return stored.owner === owner ? recordOfStored(stored) : null;
  }

  return {
    start,
    write,
    read,
    remove: (clientId) => storage.remove(prefix + clientId),
    // No matter whose it is: several users may have unsent messages in one browser.
    holds: (clientId) => storage.keys(everyonesPrefix).some((key) => key.endsWith(`/${clientId}`)),
    // A null key tells that everything was removed at once.
    concerns: (key) => prefix !== null && (key === null || key.startsWith(prefix)),
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// What cannot be replaced: the words and where they go.
function isRecord(stored) {
  const isText = (value) => typeof value === 'string' && value.isWellFormed();
  return isText(stored?.clientId) && isText(stored.conversation) && typeof stored.text === 'string';
}

// All else is replaced where it is not of its kind, so that the words are kept.
function recordOfStored({ clientId, conversation, text, sentAt, hasPicture, imageId, status, error }) {
  const reason = reasonOf(error);
  return {
    clientId,
    conversation,
    text,
    sentAt: isMoment(sentAt) ? sentAt : now().toISOString(),
    hasPicture: hasPicture === true,
    imageId: typeof imageId === 'string' ? imageId : null,
    status: status === 'failed' && reason ? 'failed' : 'sending',
    error: reason,
  };
}

function reasonOf(error) {
  if (typeof error?.code !== 'string') {
    return null;
  }
  const [status, retryAfter] = [error.status, error.retryAfter].map((value) =>
    Number.isFinite(value) ? value : null,
  );
  return new RequestError({ code: error.code, status: status ?? 0, retryAfter });
}

function isMoment(text) {
  return /^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text));
}
