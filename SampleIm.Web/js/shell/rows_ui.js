// Brings a list's rows to the given order. A row whose signature is unchanged keeps its element, and with it focus and scroll.
export function showRows($list, entries, $draw) {
  const list = $list[0];
  const focus = focusIn(list);
  const held = new Map(Array.from(list.children, (row) => [row.dataset.key, row]));
  let next = list.firstElementChild;
  for (const entry of entries) {
    const stale = held.get(entry.key);
    held.delete(entry.key);
    const row = stale?.dataset.signature === entry.signature ? stale : rowOf(entry, $draw);
    if (stale && stale !== row) {
      next = stale === next ? row : next;
      stale.replaceWith(row);
    }
    // A row that is put where it stands already would lose the focus.
    if (row === next) {
      next = row.nextElementSibling;
    } else {
      list.insertBefore(row, next);
    }
  }
  held.forEach((row) => row.remove());
  if (focus) {
    restore(focus, list);
  }
}

function rowOf(entry, $draw) {
  const row = $draw(entry)[0];
  row.dataset.key = entry.key;
  row.dataset.signature = entry.signature;
  return row;
}

function focusIn(list) {
  const element = document.activeElement;
  const rows = Array.from(list.children);
  const index = rows.findIndex((row) => row.contains(element));
  return index < 0
    ? null
    : { element, index, row: rows[index], keys: rows.map(({ dataset }) => dataset.key) };
}

// To the same element, else to its row as it is drawn now, else to the nearest row that is left, else to what holds the list.
function restore({ element, index, row, keys }, list) {
  if (document.activeElement === element) {
    return;
  }
  const rowByKey = new Map(Array.from(list.children, (each) => [each.dataset.key, each]));
  const same = rowByKey.get(keys[index]);
  const nearest = [...keys.slice(index + 1), ...keys.slice(0, index).reverse()];
  const target =
    (list.contains(element) && element) ||
    (same && targetIn(same, element === row)) ||
    nearest.map((key) => targetIn(rowByKey.get(key), true)).find(Boolean) ||
    list.closest('[tabindex]');
  target?.focus({ preventScroll: true });
}

function targetIn(row, isRowWanted) {
  const inside = row?.querySelector(':is(a, button):not([hidden], [hidden] *)') ?? null;
  const itself = row?.matches('[tabindex]') ? row : null;
  return isRowWanted ? (itself ?? inside) : (inside ?? itself);
}
