import $ from 'jquery/slim';
import { isOnePane, showPane } from './layout_ui.js';

// Keys that hold everywhere in the chat, and the sheet that tells all of them.
export function initShortcuts({ account, conversations, open }) {
  const sheet = $('.js-shortcuts')[0];

  function onKey(event) {
    if (!account.current() || $('dialog[open]').length > 0) {
      return;
    }
    const action = actionOf(event);
    if (action) {
      event.preventDefault();
      action();
    }
  }

  function actionOf(event) {
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && !event.altKey && event.key.toLowerCase() === 'k') {
      return jump;
    }
    if (event.key === '?' && !isCommand && !isTyping(event.target)) {
      return () => sheet.showModal();
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    return event.altKey && step ? () => goBy(step) : null;
  }

  function jump() {
    // On a phone the list is a place of its own, and has to be in sight before it can take the focus.
    if (isOnePane()) {
      window.location.hash = '#/';
      showPane('list');
    }
    $('.js-search').trigger('focus').trigger('select');
  }

  function goBy(step) {
    const ids = conversations.list().map(({ id }) => id);
    const next = ids[ids.indexOf(conversations.openId()) + step];
    if (next) {
      open(next);
    }
  }

  $(document).on('keydown', onKey);
  $('.js-shortcuts-open').on('click', () => {
    $('.js-settings')[0].close();
    sheet.showModal();
  });
  $('.js-shortcuts-close').on('click', () => sheet.close());
}

function isTyping(element) {
  return $(element).is('input, textarea, [contenteditable], emoji-picker');
}
