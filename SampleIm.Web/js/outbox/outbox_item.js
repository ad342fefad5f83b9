// A message as it is to be sent. It is `sending` until the server has it, with the reason in `error` while that takes
// long, or `failed` once it was refused: tried again as it is, it would be refused again, and nothing waits for it.
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

// The server has another message under its number, or takes none such.
export function needsNewId({ error }) {
  return ['message.clientIdReused', 'message.clientIdInvalid'].includes(error?.code);
}

export function stop(item) {
  item.abort?.abort();
}
