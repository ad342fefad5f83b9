import { RequestError } from './request.js';

// Unsent messages in the browser's storage, one key an item; every tab of the same user sees the same ones.
export function createOutboxStore({ storage }) {
  let prefix = null;

  function write({ clientId, conversation, text, sentAt, hasPicture, imageId, status, error }) {
    const reason = error && { code: error.code, status: error.status, retryAfter: error.retryAfter };
    const record = { clientId, conversation, text, sentAt, hasPicture, imageId, status, error: reason };
    return storage.set(prefix + clientId, JSON.stringify(record));
  }

  function read() {
    return storage
      .keys(prefix)
      .map((key) => JSON.parse(storage.get(key)))
      .map((record) => ({ ...record, error: record.error && new RequestError(record.error) }))
      .sort((a, b) => a.sentAt.localeCompare(b.sentAt));
  }

  return {
    write,
    read,
    remove: (clientId) => storage.remove(prefix + clientId),
    // A null key tells that everything was removed at once.
    concerns: (key) => prefix !== null && (key === null || key.startsWith(prefix)),
    start: (username) => {
      prefix = `sampleim.outbox.${username}.`;
    },
  };
}
