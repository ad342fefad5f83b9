import $ from '../lib/jquery.slim.module.min.js';
import { $drawPerson } from './people_row_ui.js';
import { showRows } from './rows_ui.js';
import { errorText, locale, text } from './text.js';

export function initSearch({ search, account, preferences }) {
  const $input = $('.js-search');
  const show = () => showResults(search.state(), account.current());
  search.changed.on(show);
  preferences.changed.on(show);
  $input.on('input', () => search.setQuery($input.val()));
  $input.on('keydown', (event) => onKey(event, $input, search));
  $('.js-search-list').on('click', '.js-person[href]', () => leave($input, search));
  $('.js-search-list').on('keydown', (event) => moveFocus(event));
}

function onKey(event, $input, search) {
  const rows = resultRows();
  if (event.key === 'Escape') {
    leave($input, search);
  } else if (event.key === 'ArrowDown' && rows.length > 0) {
    event.preventDefault();
    rows[0].focus();
  } else if (event.key === 'Enter' && !event.originalEvent.isComposing && rows.length > 0) {
    event.preventDefault();
    rows[0].click();
  }
}

function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) {
    return;
  }
  event.preventDefault();
  const rows = resultRows();
  const next = rows[rows.indexOf(event.target) + step];
  (next ?? $('.js-search')[0]).focus();
}

function resultRows() {
  return $('.js-search-list .js-person[href]').get();
}

function leave($input, search) {
  $input.val('');
  search.setQuery('');
}

function showResults({ query, status, users, error }, me) {
  const isSearching = status !== 'idle';
  $('.js-search-results').prop('hidden', !isSearching);
  $('.js-conversations-nav').prop('hidden', isSearching);
  const entries = users.map((user) => ({
    key: user.username,
    value: { user, isMe: user.username === me?.username },
    signature: JSON.stringify([user, locale()]),
  }));
  showRows($('.js-search-list'), entries, $drawFound);
  $('.js-search-status').text(statusText({ query, status, users, error }));
}

function $drawFound({ value: { user, isMe } }) {
  const $item = $drawPerson(user, { detail: `@${user.username}`, isOnline: user.online, isMe });
  $item.find('.js-person').addClass('js-search-row');
  return $item;
}

function statusText({ query, status, users, error }) {
  if (status === 'failed') {
    return errorText(error);
  }
  if (status !== 'done') {
    return text('search.searching');
  }
  return users.length > 0 ? text('search.found', { n: users.length }) : text('search.none', { query });
}
