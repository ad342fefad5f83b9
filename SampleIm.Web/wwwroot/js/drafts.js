// What was written and not sent, by conversation; it outlives a reload and an expired sign-in.
export function createDrafts({ storage }) {
  let username = null;

  function keyOf(conversation) {
    return `sampleim.draft.${username}.${conversation}`;
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
  };
}
