// The part of a long log that is drawn: at most `most` rows around the reader, whatever is loaded above and below.
// It is held by the key of its last row, so that rows that come in elsewhere do not move it; without one it is the end.
export function createRowWindow({ most = 300, step = 60 } = {}) {
  let lastKey = null;

  function slice(entries) {
    const end = endIn(entries);
    return entries.slice(Math.max(0, end - most), end);
  }

  function endIn(entries) {
    const index = lastKey === null ? -1 : entries.findIndex(({ key }) => key === lastKey);
    if (index < 0) {
      lastKey = null;
      return entries.length;
    }
    return index + 1;
  }

  // Answers whether there was anything to show farther up (or down).
  function up(entries) {
    const end = endIn(entries);
    if (end <= most) {
      return false;
    }
    moveTo(Math.max(most, end - step), entries);
    return true;
  }

  function down(entries) {
    if (lastKey === null) {
      return false;
    }
    moveTo(endIn(entries) + step, entries);
    return true;
  }

  function moveTo(end, entries) {
    lastKey = end >= entries.length ? null : entries[end - 1].key;
  }

  // While one reads farther up, what arrives at the end must not push out the rows in view.
  function hold(drawn, entries) {
    if (lastKey === null && entries.length > most) {
      lastKey = drawn.findLast(({ kind }) => kind === 'message')?.key ?? null;
    }
  }

  return {
    slice,
    up,
    down,
    hold,
    toEnd: () => {
      lastKey = null;
    },
    isAtEnd: () => lastKey === null,
  };
}
