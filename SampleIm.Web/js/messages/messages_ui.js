import $ from 'jquery/slim';
import { isInView } from '../shell/attention_ui.js';
import { createLogFolds } from './log_folds_ui.js';
import { createLogScroll } from './log_scroll_ui.js';
import { entriesOf } from './message_entries.js';
import { $drawEntry } from './message_row_ui.js';
import { toastError } from '../shell/notice_ui.js';
import { createRowWindow } from './row_window.js';
import { showRows } from '../shell/rows_ui.js';
import { errorText, locale, retryText, text } from '../text/text.js';

const nearEdgePx = 600;
const mostLoadedAtEnd = 300;
const keptAtEnd = 200;

// The log of the open conversation: draws it, keeps the reader's place, loads older pages and tells what has been read.
export function initMessages(stores) {
  const { openTalk, conversations, outbox, account, readCursor, preferences, total, calendar } = stores;
  const $log = $('.js-log');
  const $rows = $('.js-log-rows');
  const drawn = createRowWindow();
  const isWhole = () => drawn.isAtEnd() && !openTalk.current()?.messages.hasNewer();
  const scroll = createLogScroll($log[0], $rows[0], { isWhole });
  const folds = createLogFolds($log, $rows, {
    onToggle: (update) => {
      scroll.stay(update);
      settle();
    },
  });
  let entries = [];
  let isPlaced = false;
  let versionAtOpening = 0;

  function openAnother() {
    isPlaced = false;
    versionAtOpening = conversations.find(openTalk.current()?.id)?.version ?? 0;
    entries = [];
    drawn.toEnd();
    $rows.empty();
    folds.reset();
    show();
  }

  function show() {
    const talk = openTalk.current();
    if (!talk) {
      return;
    }
    if (scroll.isAtEnd() && talk.messages.list().length > mostLoadedAtEnd) {
      talk.messages.keepLatest(keptAtEnd);
    }
    $log.attr('aria-busy', !talk.messages.isReady() || talk.messages.isLoadingOlder());
    const next = entriesFor(talk);
    if (!scroll.isFollowing()) {
      drawn.hold(entries, next);
    }
    entries = next;
    draw(talk);
    placeOnce(talk);
    settle();
    fillTop();
    fillBottom();
  }

  function draw(talk) {
    scroll.keepPlace(() => {
      showTop(talk.messages);
      showRows($rows, drawn.slice(entries), $drawEntry);
      folds.measure();
    });
  }

  function entriesFor({ id, messages, unreadAfter }) {
    const { username, displayName, isAdmin } = account.current();
    const next = entriesOf({
      messages: messages.list(),
      hasOlder: messages.hasOlder(),
      pending: outbox.list(id),
      me: { username, displayName },
      unreadAfter,
      language: locale(),
    });
    const canRecallAll = isAdmin && !id.startsWith('@');
    next
      .filter(({ kind, value }) => kind === 'message' && !value.recalledAt)
      .forEach(({ value }) => Object.assign(value, { canRecall: value.isOwn || canRecallAll }));
    return next;
  }

  // The first sight of a conversation is where one left off, or its end. It is settled once all that came before it was
  // opened is there; what comes after that does not put it off. A server restored from a backup has lower numbers.
  function placeOnce({ id, messages }) {
    if (isPlaced || !messages.isReady()) {
      return;
    }
    const awaited = Math.min(versionAtOpening, conversations.find(id)?.version ?? 0);
    isPlaced = messages.version() >= awaited;
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
    if (isPlaced && atEnd && isInView() && talk.messages.newestSeq() > head.readSeq) {
      readCursor.advance(talk.id, talk.messages.newestSeq());
    }
    $('.js-to-latest').prop('hidden', atEnd);
    const words = head.unread > 0 ? text('talk.toLatestNew', { n: head.unread }) : text('talk.toLatest');
    $('.js-to-latest-text').text(words);
  }

  function onScroll() {
    settle();
    const { scrollTop, scrollHeight, clientHeight } = $log[0];
    const talk = openTalk.current();
    if (!talk) {
      return;
    }
    if (scrollTop < nearEdgePx) {
      goUp(talk);
    } else if (scrollHeight - scrollTop - clientHeight < nearEdgePx) {
      goDown(talk);
    }
  }

  function goDown(talk) {
    if (drawn.down(entries)) {
      draw(talk);
    } else if (!talk.messages.newerError()) {
      talk.messages.loadNewer();
    }
  }

  function goUp(talk) {
    if (drawn.up(entries)) {
      draw(talk);
    } else if (!talk.messages.olderError()) {
      talk.messages.loadOlder();
    }
  }

  // A tall window may show the top of what is loaded without a scroll. At the end no more is loaded than is kept there,
  // or the two would take turns for ever.
  function fillTop() {
    const talk = openTalk.current();
    const { scrollTop, clientHeight } = $log[0];
    if (!talk || !isPlaced || clientHeight === 0 || scrollTop >= nearEdgePx) {
      return;
    }
    if (!scroll.isFollowing() || talk.messages.list().length < keptAtEnd) {
      goUp(talk);
    }
  }

  // What has come below what is drawn cannot be scrolled to before it is drawn.
  function fillBottom() {
    const talk = openTalk.current();
    const { scrollTop, scrollHeight, clientHeight } = $log[0];
    if (talk && isPlaced && clientHeight > 0 && scrollHeight - scrollTop - clientHeight < nearEdgePx) {
      goDown(talk);
    }
  }

  function onConnection({ failures }) {
    const messages = openTalk.current()?.messages;
    if (failures === 0 && messages?.olderError()) {
      messages.loadOlder();
    }
  }

  async function toEnd() {
    const talk = openTalk.current();
    if (talk.messages.hasNewer()) {
      await talk.messages.toLatest();
      if (openTalk.current() !== talk || talk.messages.hasNewer()) {
        tellWhyNot(talk);
        return;
      }
    }
    drawn.toEnd();
    scroll.follow();
    show();
    settle();
  }

  function tellWhyNot({ messages }) {
    if (messages.newerError()) {
      toastError(messages.newerError());
    }
  }

  function onAttention() {
    if (isInView()) {
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
  calendar.turned.on(show);
  account.profileChanged.on(show);
  outbox.changed.on(show);
  outbox.progressed.on(showProgress);
  total.connectionChanged.on(onConnection);
  $log.on('scroll', onScroll);
  $(window).on('resize', fillTop);
  $('.js-older-retry').on('click', () => {
    openTalk.current().messages.loadOlder();
    $log.trigger('focus');
  });
  $(document).on('visibilitychange', onAttention);
  $(window).on('focus blur', onAttention);
  $('.js-to-latest').on('click', () => {
    toEnd();
    $log.trigger('focus');
  });
  $rows.on('click', '.js-retry', (event) => outbox.retry(clientIdAt(event.target)));
  $rows.on('click', '.js-discard', (event) => {
    outbox.discard(clientIdAt(event.target));
    $('.js-composer-text').trigger('focus');
  });
  return { toEnd, keepEnd: scroll.keepEnd };
}

function showTop(messages) {
  const hasFailed = messages.isReady() && messages.olderError() !== null;
  $('.js-log-top-text').text(topText(messages));
  $('.js-older-retry').prop('hidden', !hasFailed);
}

function topText(messages) {
  if (!messages.isReady()) {
    return messages.error() ? reasonOf(messages.error()) : text('talk.loading');
  }
  if (messages.olderError()) {
    return text('talk.olderFailed', { reason: errorText(messages.olderError()) });
  }
  if (messages.hasOlder()) {
    return text('talk.loadingOlder');
  }
  return text('talk.begins');
}

function reasonOf(error) {
  return error.isPassing ? retryText(error) : errorText(error);
}

function showProgress({ clientId, progress }) {
  const $rows = $('.js-message').filter((_, row) => row.dataset.clientId === clientId);
  $rows.find('.js-progress').prop('value', progress);
}

function clientIdAt(element) {
  return $(element).closest('.js-message').attr('data-client-id');
}
