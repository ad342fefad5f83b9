const steps = { ArrowDown: 1, ArrowUp: -1 };

// Up, Down, Home and End in a list. `onLeft` takes the focus that goes up beyond the first item.
export function initArrowKeys($list, selector, { onLeft = () => {} } = {}) {
  $list.on('keydown', (event) => {
    const items = $list.find(selector).get();
    const index = items.indexOf(event.target.closest(selector));
    const next = nextIndex(event.key, index, items.length);
    if (next === null || event.altKey) {
      return;
    }
    event.preventDefault();
    if (next < 0) {
      onLeft();
    } else {
      items[Math.min(next, items.length - 1)]?.focus();
    }
  });
}

function nextIndex(key, index, count) {
  if (key === 'Home') {
    return 0;
  }
  if (key === 'End') {
    return count - 1;
  }
  return key in steps ? index + steps[key] : null;
}
