// The loaded messages of a conversation: a run without gaps up to the latest one, each in its newest version.
export function createMessageWindow() {
  let messages = [];
  let hasOlder = false;

  function replace(latest, olderExist) {
    messages = [];
    hasOlder = olderExist;
    put(latest);
  }

  // What the server tells of messages before the window is dropped: these come in their newest version when they are loaded.
  function merge(changes) {
    const oldestSeq = oldest();
    put(hasOlder ? changes.filter(({ seq }) => seq >= oldestSeq) : changes);
  }

  function addOlder(page, olderExist) {
    hasOlder = olderExist;
    put(page);
  }

  function put(changes) {
    const bySeq = new Map(messages.map((message) => [message.seq, message]));
    for (const change of changes) {
      const held = bySeq.get(change.seq);
      if (!held || held.version < change.version) {
        bySeq.set(change.seq, change);
      }
    }
    messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  function keepLatest(count) {
    if (messages.length > count) {
      messages = messages.slice(-count);
      hasOlder = true;
    }
  }

  function oldest() {
    return messages.length ? messages[0].seq : null;
  }

  return {
    replace,
    merge,
    addOlder,
    keepLatest,
    oldestSeq: oldest,
    newestSeq: () => (messages.length ? messages.at(-1).seq : 0),
    hasOlder: () => hasOlder,
    list: () => messages,
    find: (seq) => messages.find((message) => message.seq === seq) ?? null,
  };
}
