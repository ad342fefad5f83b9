// What was written and not sent, by conversation; it outlives a reload and an expired sign-in.
export function createDrafts({ storage }) {
  let username = null;

  // A username may hold a dot, and so be the beginning of another one with its dot; encoded, none holds a slash.
  function keyOf(conversation) {
    return `sampleim.draft.${encodeURIComponent(username)}/${conversation}`;
  }

  function set(conversation, text) {
    if (text.trim()) {
      storage.set(keyOf(conversation), text);
    } else {
      storage.remove(keyOf(conversation));
    }
  }

  function clear() {
    storage.keys(keyOf('')).forEach(storage.remove);
  }

  return {
    set,
    clear,
    start: (owner) => {
      username = owner;
    },
    get: (conversation) => storage.get(keyOf(conversation)) ?? '',
    // A null key tells that everything was removed at once.
    concerns: (key, conversation) => key === null || key === keyOf(conversation),
  };
}
