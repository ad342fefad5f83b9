import $ from 'jquery/slim';
import { showUserAvatar } from '../people/avatar_ui.js';
import { isOnlyEmoji } from '../text/emoji.js';
import * as format from '../text/format.js';
import { partsOf } from '../text/links.js';
import { mayBeTall } from './log_folds_ui.js';
import { sizeWithin } from './photo.js';
import { $fromTemplate } from '../shell/template_ui.js';
import { errorText, text } from '../text/text.js';

const largestPicturePx = 320;
const waitingTexts = {
  network: 'message.waitingForConnection',
  'answer.unexpected': 'message.waitingForNetwork',
  'request.rateLimited': 'message.waitingForTurn',
  'request.timeout': 'message.waitingForLine',
  'storage.full': 'message.waitingForRoom',
};

export function $drawEntry({ kind, value }) {
  if (kind === 'day') {
    return $drawLine(format.day(new Date(value.sentAt)));
  }
  if (kind === 'unread') {
    return $drawLine(text('talk.new')).addClass('line--new js-unread-line');
  }
  return $drawMessage(value);
}

function $drawLine(words) {
  const $line = $fromTemplate('line');
  $line.find('.js-line-text').text(words);
  return $line;
}

function $drawMessage(message) {
  const $message = $fromTemplate('message');
  $message
    .toggleClass('message--own', message.isOwn)
    .toggleClass('message--first', message.startsGroup)
    .toggleClass('message--recalled', Boolean(message.recalledAt))
    .attr('aria-label', labelOf(message));
  showSender($message, message);
  showContent($message, message);
  showTime($message, message);
  if (message.isPending) {
    showPending($message, message);
  } else {
    $message.attr('data-seq', message.seq);
    $message.find('.js-message-actions').prop('hidden', !message.canRecall);
  }
  return $message;
}

function labelOf({ isOwn, sender, sentAt }) {
  const name = isOwn ? text('message.you') : sender.displayName;
  return text('message.by', { sender: name, time: format.time(new Date(sentAt)) });
}

// Only the first of a group shows who speaks, and nobody is told their own name.
function showSender($message, { sender, isOwn, startsGroup }) {
  if (isOwn || !startsGroup) {
    return;
  }
  showUserAvatar($message.find('.js-avatar'), sender);
  $message.find('.js-sender').text(sender.displayName);
}

function showContent($message, message) {
  const $text = $message.find('.js-text');
  if (message.recalledAt) {
    $text.text(text(message.isOwn ? 'message.recalledByYou' : 'message.recalled'));
    return;
  }
  showPicture($message.find('.js-bubble'), message);
  showText($text, message.text ?? '');
  $message.toggleClass('message--emoji', !hasPicture(message) && isOnlyEmoji(message.text));
}

function hasPicture(message) {
  return Boolean(message.image ?? message.preview);
}

function showText($text, words) {
  $text.prop('hidden', words === '').toggleClass('js-foldable', mayBeTall(words));
  for (const part of partsOf(words)) {
    $text.append(part.href ? $link(part) : document.createTextNode(part.text));
  }
}

function $link({ href, text: words }) {
  // An address reads from left to right also among words that do not.
  return $('<a>').attr({ href, target: '_blank', rel: 'noopener noreferrer', dir: 'ltr' }).text(words);
}

function showPicture($bubble, message) {
  if (!hasPicture(message)) {
    return;
  }
  const url = message.image?.url ?? message.preview;
  const $image = $('<img>').attr({ src: url, alt: text('message.picture'), loading: 'lazy' });
  // The place of a picture is reserved before it arrives, so that nothing jumps.
  if (message.image) {
    $image.attr(sizeWithin(message.image, largestPicturePx));
  }
  const label = text('message.openPicture', { sender: message.sender.displayName });
  const $button = $('<button>').attr({ type: 'button', 'aria-label': label, 'data-url': url });
  $bubble.addClass('bubble--picture').prepend($button.addClass('bubble__picture js-picture').append($image));
}

function showTime($message, { sentAt, editedAt, recalledAt }) {
  const moment = new Date(sentAt);
  const $time = $message.find('.js-time').text(format.time(moment));
  $time.attr({ datetime: sentAt, title: format.dateAndTime(moment) });
  $message.find('.js-edited').prop('hidden', !editedAt || Boolean(recalledAt));
}

function showPending($message, { clientId, status, error, hasPicture: carriesPicture, progress }) {
  const hasFailed = status === 'failed';
  const isDelayed = !hasFailed && error !== null;
  $message.attr('data-client-id', clientId).addClass(`message--${status}`);
  $message.find('.js-state').prop('hidden', error === null && !carriesPicture);
  $message.find('.js-state-text').text(error ? reasonText(error, hasFailed) : '');
  $message.find('.js-progress').prop({ hidden: error !== null, value: progress });
  $message.find('.js-retry').prop('hidden', error === null);
  $message
    .find('.js-discard')
    .prop('hidden', false)
    .text(text(hasFailed ? 'message.discard' : 'message.cancel'));
  // In the place of the time: a line of its own would come and go with every message that is sent.
  if (!hasFailed) {
    $message.find('.js-time').text(text(isDelayed ? 'message.waiting' : 'message.sending'));
  }
}

function reasonText(error, hasFailed) {
  return hasFailed
    ? text('message.failed', { reason: errorText(error) })
    : text(waitingTexts[error.code] ?? 'message.waitingForServer');
}
