import $ from '../lib/jquery.slim.module.min.js';
import { openLightbox } from './dialog_ui.js';
import { createLogScroll } from './log_scroll_ui.js';
import { entriesOf } from './message_entries.js';
import { $drawEntry } from './message_row_ui.js';
import { toastError } from './notice_ui.js';
import { showRows } from './rows_ui.js';
import { errorText, locale, text } from './text.js';

const nearTopPx = 500;
const mostRows = 300;
const keptRows = 200;

// The log of the open conversation: draws it, keeps the reader's place, loads older pages and tells what has been read.
export function initMessages({ openTalk, conversations, outbox, account, readCursor, preferences }) {
  const $log = $('.js-log');
  const $rows = $('.js-log-rows');
  const scroll = createLogScroll($log[0], $rows[0]);
  let isPlaced = false;

  function openAnother() {
    isPlaced = false;
    $rows.empty();
    show();
  }

  function show() {
    const talk = openTalk.current();
    if (!talk) {
      return;
    }
    if (scroll.isAtEnd() && talk.messages.list().length > mostRows) {
      talk.messages.keepLatest(keptRows);
    }
    $log.attr('aria-busy', !talk.messages.isReady() || talk.messages.isLoadingOlder());
    scroll.keepPlace(() => {
      showTop(talk.messages);
      showRows($rows, entriesFor(talk), $drawEntry);
    });
    placeOnce(talk);
    settle();
  }

  function entriesFor({ id, messages, unreadAfter }) {
    const { username, displayName, isAdmin } = account.current();
    const entries = entriesOf({
      messages: messages.list(),
      pending: outbox.list(id),
      me: { username, displayName },
      unreadAfter,
      language: locale(),
    });
    entries
      .filter(({ kind, value }) => kind === 'message' && !value.recalledAt)
      .forEach(({ value }) => Object.assign(value, { canRecall: value.isOwn || isAdmin }));
    return entries;
  }

  function showTop(messages) {
    $('.js-log-top').text(topText(messages));
  }

  // The first sight of a conversation is where one left off, or its end.
  function placeOnce(talk) {
    if (isPlaced || !talk.messages.isReady()) {
      return;
    }
    isPlaced = true;
    const line = $rows.find('.js-unread-line')[0];
    if (line) {
      scroll.toRow(line);
    } else {
      scroll.toEnd();
    }
  }

  function settle() {
    const talk = openTalk.current();
    const head = talk && conversations.find(talk.id);
    if (!head || !talk.messages.isReady()) {
      return;
    }
    const atEnd = scroll.isAtEnd();
    if (atEnd && document.visibilityState === 'visible' && talk.messages.newestSeq() > head.readSeq) {
      readCursor.advance(talk.id, talk.messages.newestSeq());
    }
    $('.js-to-latest').prop('hidden', atEnd);
    const words = head.unread > 0 ? text('talk.toLatestNew', { n: head.unread }) : text('talk.toLatest');
    $('.js-to-latest-text').text(words);
  }

  async function onScroll() {
    settle();
    if ($log[0].scrollTop < nearTopPx) {
      try {
        await openTalk.current()?.messages.loadOlder();
      } catch (error) {
        toastError(error);
      }
    }
  }

  function onVisibility() {
    if (document.visibilityState === 'visible') {
      openTalk.comeBack();
      show();
    } else {
      openTalk.leave();
    }
  }

  openTalk.changed.on(openAnother);
  openTalk.updated.on(show);
  conversations.changed.on(settle);
  preferences.changed.on(show);
  outbox.changed.on(() => show());
  outbox.progressed.on(showProgress);
  $log.on('scroll', onScroll);
  $(document).on('visibilitychange', onVisibility);
  $('.js-to-latest').on('click', scroll.toEnd);
  $rows.on('click', '.js-picture', (event) => openPicture(event.currentTarget));
  $rows.on('click', '.js-retry', (event) => outbox.retry(clientIdAt(event.target)));
  $rows.on('click', '.js-discard', (event) => outbox.discard(clientIdAt(event.target)));
  return { toEnd: scroll.toEnd };
}

function topText(messages) {
  if (!messages.isReady()) {
    return messages.error() ? errorText(messages.error()) : text('talk.loading');
  }
  if (messages.hasOlder()) {
    return text('talk.loadingOlder');
  }
  return text('talk.begins');
}

function showProgress({ clientId, progress }) {
  const $rows = $('.js-message').filter((_, row) => row.dataset.clientId === clientId);
  $rows.find('.js-progress').prop('value', progress);
}

function clientIdAt(element) {
  return $(element).closest('.js-message').attr('data-client-id');
}

function openPicture(button) {
  openLightbox(button.dataset.url, button.getAttribute('aria-label'));
}
