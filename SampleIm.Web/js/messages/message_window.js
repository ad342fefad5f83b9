// The loaded messages of a conversation: a run without gaps, each in its newest version. It reaches up to the latest one,
// unless it was begun farther back.
export function createMessageWindow() {
  let messages = [];
  let hasOlder = false;
  let latestSeq = 0;
  let run = 0;

  // `latest` is the greatest number that is known of, where the page does not reach that far.
  function replace(page, olderExist, latest = 0) {
    run += 1;
    messages = [];
    hasOlder = olderExist;
    latestSeq = latest;
    put(page);
  }

  // What the server tells of messages outside the window is dropped: these come in their newest version when they are loaded.
  function merge(changes) {
    const oldestSeq = oldest();
    const reach = hasNewer() ? reachWith(changes) : Infinity;
    latestSeq = Math.max(latestSeq, ...changes.map(({ seq }) => seq));
    put(changes.filter(({ seq }) => (!hasOlder || seq >= oldestSeq) && seq <= reach));
  }

  // What follows the newest one without a gap belongs to the window.
  function reachWith(changes) {
    const seqs = new Set(changes.map(({ seq }) => seq));
    let reach = newest();
    while (seqs.has(reach + 1)) {
      reach += 1;
    }
    return reach;
  }

  function addOlder(page, olderExist) {
    hasOlder = olderExist;
    put(page);
  }

  // A page that brings nothing newer tells that there is nothing: a recount, after the server was restored from a backup.
  function addNewer(page) {
    const before = newest();
    put(page);
    if (newest() === before) {
      latestSeq = before;
    }
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
    latestSeq = Math.max(latestSeq, newest());
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

  function newest() {
    return messages.length ? messages.at(-1).seq : 0;
  }

  function hasNewer() {
    return newest() < latestSeq;
  }

  return {
    replace,
    merge,
    addOlder,
    addNewer,
    keepLatest,
    oldestSeq: oldest,
    newestSeq: newest,
    latestSeq: () => latestSeq,
    hasOlder: () => hasOlder,
    hasNewer,
    // Another number is another run: it was replaced.
    run: () => run,
    list: () => messages,
    find: (seq) => messages.find((message) => message.seq === seq) ?? null,
  };
}
