import { RequestError } from './request.js';

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
      .map((key) => JSON.parse(storage.get(key)))
      .filter((record) => record?.owner === owner)
      .map((record) => ({ ...record, error: record.error && new RequestError(record.error) }))
      .sort((a, b) => a.sentAt.localeCompare(b.sentAt));
  }

  return {
    start,
    write,
    read,
    remove: (clientId) => storage.remove(prefix + clientId),
    // Whoever's it is: several users may have unsent messages in one browser.
    holds: (clientId) => storage.keys(everyonesPrefix).some((key) => key.endsWith(`/${clientId}`)),
    // A null key tells that everything was removed at once.
    concerns: (key) => prefix !== null && (key === null || key.startsWith(prefix)),
  };
}
