// What was written and not sent, by conversation; it outlives a reload and an expired sign-in.
export function createDrafts({ storage }) {
  // What the browser would not keep (a full disk, say) is known to this tab only.
  const unkept = new Map();
  let username = null;

  // A username may hold a dot, and so be the beginning of another one with its dot; encoded, none holds a slash.
  function keyOf(conversation) {
    return `sampleim.draft.${encodeURIComponent(username)}/${conversation}`;
  }

  function set(conversation, text) {
    const key = keyOf(conversation);
    unkept.delete(key);
    if (!text.trim()) {
      storage.remove(key);
    } else if (!storage.set(key, text)) {
      // What is kept is older, and must not come back in its place.
      storage.remove(key);
      unkept.set(key, text);
    }
  }

  function clear() {
    storage.keys(keyOf('')).forEach(storage.remove);
    unkept.clear();
  }

  return {
    set,
    clear,
    start: (owner) => {
      username = owner;
    },
    get: (conversation) => unkept.get(keyOf(conversation)) ?? storage.get(keyOf(conversation)) ?? '',
    // A null key tells that everything was removed at once.
    concerns: (key, conversation) => key === null || key === keyOf(conversation),
  };
}
