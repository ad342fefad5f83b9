import $ from 'jquery/slim';
import { initArrowKeys } from '../shell/arrow_keys_ui.js';
import { titleOf } from '../conversations/conversations_ui.js';
import { plain } from './plain.js';
import { $drawPerson, $drawRoom } from '../people/people_row_ui.js';
import { showRows } from '../shell/rows_ui.js';
import { focusTalk } from '../conversations/talk_focus_ui.js';
import { errorText, locale, retryText, text } from '../text/text.js';

export function initSearch({ search, conversations, account, preferences }) {
  const $input = $('.js-search');
  const show = () => showResults(search.state(), conversations, account.current());
  search.changed.on(show);
  preferences.changed.on(show);
  $input.on('input', () => search.setQuery($input.val()));
  $input.on('keydown', (event) => onKey(event, { $input, search, conversations }));
  $('.js-search-list').on('click', '.js-person[href]', ({ currentTarget }) => {
    const isOpen = currentTarget.getAttribute('href') === window.location.hash;
    leave($input, search);
    // What is open already does not open, and the row that had the focus is gone.
    if (isOpen) {
      focusTalk();
    }
  });
  $('.js-search-list').on('keydown', (event) => {
    if (event.key === 'Escape') {
      leave($input, search);
      $input.trigger('focus');
    }
  });
  initArrowKeys($('.js-search-list'), '.js-person[href]', { onLeft: () => $input.trigger('focus') });
}

// From the box the arrow goes on into what stands below it: what was found, or the conversations.
function onKey(event, { $input, search, conversations }) {
  // While an input method composes, its keys choose a word; Safari tells so by the key code 229 only.
  if (event.originalEvent.isComposing || event.keyCode === 229) {
    return;
  }
  const rows = rowsBelow();
  if (event.key === 'Escape') {
    leave($input, search);
  } else if (event.key === 'ArrowDown' && rows.length > 0) {
    event.preventDefault();
    rows[0].focus();
  } else if (event.key === 'Enter') {
    event.preventDefault();
    openFirst($input, search, conversations);
  }
}

function rowsBelow() {
  return $('.js-search-list .js-person[href]:visible, .js-conversations .js-conversation:visible').get();
}

// The rooms that are shown first are those of the query as it stands; the people may still be those of an older one.
function openFirst($input, search, conversations) {
  if (roomsFor(search.state().query, conversations).length > 0) {
    rowsBelow()[0]?.click();
    return;
  }
  search.whenAnswered(() => {
    if ($input.is(':focus')) {
      rowsBelow()[0]?.click();
    }
  });
}

function leave($input, search) {
  $input.val('');
  search.setQuery('');
}

function showResults(state, conversations, me) {
  const isSearching = state.status !== 'idle';
  $('.js-search-results').prop('hidden', !isSearching);
  $('.js-conversations-nav').prop('hidden', isSearching);
  const rooms = isSearching ? roomsFor(state.query, conversations) : [];
  const people = state.users.map((user) => ({
    key: user.username,
    value: { user, isMe: user.username === me?.username },
    signature: JSON.stringify([user, locale()]),
  }));
  showRows($('.js-search-list'), [...rooms, ...people], $drawFound);
  $('.js-search-status').text(statusText(state, rooms.length + people.length));
}

// People are found by the server; the rooms that one is in are all here. The lobby has a title in each language, and one name.
function roomsFor(query, conversations) {
  const wanted = plain(query);
  return conversations
    .list()
    .filter((talk) => talk.kind === 'room' && hasName(talk, wanted))
    .map((room) => ({ key: `#${room.id}`, value: { room }, signature: titleOf(room) }));
}

function hasName({ id, ...talk }, wanted) {
  return [id, titleOf({ id, ...talk })].some((name) => plain(name).includes(wanted));
}

function $drawFound({ value: { room, user, isMe } }) {
  const $item = room
    ? $drawRoom(room, titleOf(room))
    : $drawPerson(user, { detail: `@${user.username}`, isOnline: user.online, isMe });
  $item.find('.js-person').addClass('js-search-row');
  return $item;
}

function statusText({ query, status, error }, count) {
  if (status === 'failed') {
    return error.isPassing ? retryText(error) : errorText(error);
  }
  if (status !== 'done') {
    return text('search.searching');
  }
  return count > 0 ? text('search.found', { n: count }) : text('search.none', { query });
}
