import $ from '../lib/jquery.slim.module.min.js';

// Brings a list's rows to the given order. A row whose signature is unchanged keeps its element, and with it focus and scroll.
export function showRows($list, entries, $draw) {
  const list = $list[0];
  const held = new Map(Array.from(list.children, (row) => [row.dataset.key, row]));
  let next = list.firstElementChild;
  for (const entry of entries) {
    let row = held.get(entry.key);
    held.delete(entry.key);
    if (row?.dataset.signature === entry.signature && row === next) {
      next = row.nextElementSibling;
      continue;
    }
    const stale = row;
    if (row?.dataset.signature !== entry.signature) {
      row = $draw(entry)[0];
      row.dataset.key = entry.key;
      row.dataset.signature = entry.signature;
    }
    if (stale && stale !== row) {
      next = stale === next ? stale.nextElementSibling : next;
      replaceKeepingFocus(stale, row);
    }
    list.insertBefore(row, next);
  }
  held.forEach((row) => row.remove());
}

function replaceKeepingFocus(stale, row) {
  const hadFocus = stale.contains(document.activeElement);
  stale.replaceWith(row);
  if (hadFocus) {
    $(row).find('a, button').not('[hidden]').first().trigger('focus');
  }
}
