// A message as it is to be sent.
export function recordOf({ clientId, conversation, text, sentAt, hasPicture }) {
  return {
    clientId,
    conversation,
    text,
    sentAt,
    hasPicture,
    imageId: null,
    status: 'sending',
    error: null,
  };
}

// The same message in the hands of a tab.
export function itemOf(record) {
  return { ...record, file: null, preview: null, progress: 0, home: 'storage', abort: null };
}

// Tried again as it is it would be refused again: nothing behind it waits for it.
export function isRefused({ status, error }) {
  return status === 'failed' && !error.isPassing;
}

export function stop(item) {
  item.abort?.abort();
}
