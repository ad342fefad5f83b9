const endTolerancePx = 40;
const marginAboveLinePx = 72;

// Keeps the reader's place in the log: at the end while he follows the talk, else at the row that he is reading.
export function createLogScroll(log, rows) {
  let follows = true;

  function isAtEnd() {
    return log.scrollHeight - log.scrollTop - log.clientHeight <= endTolerancePx;
  }

  function toEnd() {
    follows = true;
    log.scrollTop = log.scrollHeight;
  }

  function toRow(row) {
    log.scrollTop = row.offsetTop - marginAboveLinePx;
    follows = isAtEnd();
  }

  function keepPlace(update) {
    const anchor = follows ? null : firstVisible();
    const topBefore = anchor?.getBoundingClientRect().top;
    update();
    if (follows) {
      toEnd();
    } else if (anchor?.isConnected) {
      log.scrollTop += anchor.getBoundingClientRect().top - topBefore;
    }
  }

  function firstVisible() {
    const top = log.getBoundingClientRect().top;
    return Array.from(rows.children).find((row) => row.getBoundingClientRect().bottom > top);
  }

  log.addEventListener('scroll', () => {
    follows = isAtEnd();
  });
  // Pictures that arrive, a growing composer and a phone's keyboard change the sizes without a scroll.
  const observer = new ResizeObserver(() => {
    if (follows) {
      toEnd();
    }
  });
  observer.observe(log);
  observer.observe(rows);

  return { toEnd, toRow, keepPlace, isAtEnd };
}
