import $ from 'jquery/slim';
import { hasModifier } from '../shell/modifiers.js';

// The log by keyboard: the arrows go from message to message, Enter opens what one can do with it.
export function initLogKeys({ messageMenu }) {
  const $log = $('.js-log');

  function onKey(event) {
    if (hasModifier(event)) {
      return;
    }
    const message = event.target.closest('.js-message');
    if (event.key === 'Escape') {
      $('.js-composer-text').trigger('focus');
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      move(event, message);
    } else if (event.key === 'Enter' && event.target === message) {
      event.preventDefault();
      messageMenu.openAt(message);
    }
  }

  function move(event, message) {
    const messages = $log.find('.js-message').get();
    const down = event.key === 'ArrowDown';
    const next = message ? messages[messages.indexOf(message) + (down ? 1 : -1)] : lastInSight(messages);
    if (!next && !message) {
      return;
    }
    event.preventDefault();
    if (next) {
      next.focus();
    } else if (down) {
      $('.js-composer-text').trigger('focus');
    }
  }

  function lastInSight(messages) {
    const { bottom } = $log[0].getBoundingClientRect();
    return messages.findLast((message) => message.getBoundingClientRect().top < bottom);
  }

  $log.on('keydown', onKey);
}
