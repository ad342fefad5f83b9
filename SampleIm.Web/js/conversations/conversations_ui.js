import $ from 'jquery/slim';
import { showConversationAvatar, showPresence } from '../people/avatar_ui.js';
import { directionOf } from '../text/bidi.js';
import { now } from '../text/clock.js';
import * as format from '../text/format.js';
import { hashOfConversation } from '../shell/route.js';
import { showRows } from '../shell/rows_ui.js';
import { $fromTemplate } from '../shell/template_ui.js';
import { locale, text } from '../text/text.js';
import { setLabel } from '../text/text_ui.js';

export function titleOf(conversation) {
  return conversation.id === 'lobby' ? text('conversations.lobby') : conversation.title;
}

export function initConversations({ conversations, presence, account, preferences, calendar }) {
  const show = () => showConversations(conversations, presence, account.current());
  conversations.changed.on(show);
  presence.changed.on(show);
  preferences.changed.on(show);
  calendar.turned.on(show);
}

function showConversations(conversations, presence, me) {
  const entries = conversations.list().map((conversation) => {
    const value = {
      conversation,
      isOpen: conversation.id === conversations.openId(),
      isOnline: conversation.kind === 'direct' && presence.isOnline(conversation.id.slice(1)),
      preview: previewOf(conversation, me),
    };
    const day = now().toDateString();
    return { key: conversation.id, value, signature: JSON.stringify([value, locale(), day]) };
  });
  showRows($('.js-conversations'), entries, $drawConversation);
  showUnreadElsewhere(conversations);
}

function $drawConversation({ value: { conversation, isOpen, isOnline, preview } }) {
  const $item = $fromTemplate('conversation');
  const $row = $item.find('.js-conversation');
  $row.attr({ href: hashOfConversation(conversation.id), 'data-id': conversation.id });
  if (isOpen) {
    $row.attr('aria-current', 'page');
  }
  const $avatar = $item.find('.js-avatar');
  showConversationAvatar($avatar, conversation);
  showPresence($avatar, isOnline);
  $item.find('.js-title').text(titleOf(conversation));
  $item
    .find('.js-preview')
    .attr('dir', directionOf(conversation.lastMessage?.text ?? ''))
    .text(preview);
  showTime($item.find('.js-time'), conversation.lastMessage);
  showUnread($item.find('.js-unread'), conversation.unread);
  return $item;
}

function showTime($time, lastMessage) {
  if (lastMessage) {
    $time.text(format.timeOrDay(new Date(lastMessage.sentAt))).attr('datetime', lastMessage.sentAt);
  }
}

function showUnread($badge, unread) {
  $badge.prop('hidden', unread === 0);
  if (unread > 0) {
    $badge.text(format.count(unread));
    $badge.attr({ role: 'img', 'aria-label': text('conversations.unread', { n: unread }) });
  }
}

export function previewOf({ kind, lastMessage }, me) {
  if (!lastMessage) {
    return text('conversations.none');
  }
  const preview = lastMessage.kind === 'recalled' ? text('preview.recalled') : contentOf(lastMessage);
  if (lastMessage.senderUsername === me?.username) {
    return text('preview.fromYou', { preview });
  }
  return kind === 'direct' ? preview : text('preview.from', { sender: lastMessage.sender, preview });
}

function contentOf(lastMessage) {
  return lastMessage.text || text('preview.image');
}

// On a phone the list is out of sight while one talks: its count stands at the way back.
function showUnreadElsewhere(conversations) {
  const unread = conversations.unread();
  $('.js-back-badge')
    .prop('hidden', unread === 0)
    .text(format.count(unread));
  setLabel($('.js-back'), unread > 0 ? text('talk.backUnread', { n: unread }) : text('talk.back'));
  const open = conversations.find(conversations.openId());
  const title = open ? text('talk.title', { title: titleOf(open) }) : 'SampleIm';
  document.title = unread > 0 ? text('talk.unread', { n: unread, title }) : title;
}
