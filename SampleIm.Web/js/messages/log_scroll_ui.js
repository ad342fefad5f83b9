const endTolerancePx = 40;
const marginAboveLinePx = 72;

// Keeps the reader's place in the log: at the end while they follow the talk, else at the row that they are reading.
// The end of the rows is the end of the talk only while `isWhole` says so.
export function createLogScroll(log, rows, { isWhole }) {
  let follows = true;

  function isAtEnd() {
    return isWhole() && log.scrollHeight - log.scrollTop - log.clientHeight <= endTolerancePx;
  }

  function toEnd() {
    follows = true;
    log.scrollTop = log.scrollHeight;
  }

  function keepEnd() {
    if (follows) {
      toEnd();
    }
  }

  function toRow(row) {
    log.scrollTop = row.offsetTop - marginAboveLinePx;
    follows = isAtEnd();
  }

  function keepPlace(update) {
    const anchor = follows ? null : firstVisible();
    const key = anchor?.dataset.key;
    const topBefore = anchor?.getBoundingClientRect().top;
    update();
    // The same message, though perhaps in a new element: it is drawn again when others of its group come before it.
    const anchorNow = key && messageRows().find((row) => row.dataset.key === key);
    if (follows) {
      toEnd();
    } else if (anchorNow) {
      log.scrollTop += anchorNow.getBoundingClientRect().top - topBefore;
    }
  }

  // A message, and no line between days: that of the first day stays on top when older messages come below it.
  function firstVisible() {
    const top = log.getBoundingClientRect().top;
    return messageRows().find((row) => row.getBoundingClientRect().bottom > top);
  }

  function messageRows() {
    return Array.from(rows.querySelectorAll('.js-message'));
  }

  log.addEventListener('scroll', () => {
    follows = isAtEnd();
  });
  // Pictures that arrive, a growing composer and a phone's keyboard change the sizes without a scroll.
  const observer = new ResizeObserver(keepEnd);
  observer.observe(log);
  observer.observe(rows);

  function follow() {
    follows = true;
  }

  // For what the reader does to a row: what they look at stays where it is, also at the end.
  function stay(update) {
    follows = false;
    update();
    follows = isAtEnd();
  }

  return { toEnd, keepEnd, toRow, follow, stay, keepPlace, isAtEnd, isFollowing: () => follows };
}
