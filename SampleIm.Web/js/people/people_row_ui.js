import { showConversationAvatar, showPresence, showUserAvatar } from './avatar_ui.js';
import { hashOfConversation } from '../shell/route.js';
import { $fromTemplate } from '../shell/template_ui.js';

export function $drawPerson(person, { detail, isOnline, isMe = false }) {
  const $item = $fromTemplate('person');
  const $row = $item.find('.js-person').attr('data-username', person.username);
  // A row without an address is no link: nobody talks to himself.
  if (!isMe) {
    $row.attr('href', hashOfConversation(`@${person.username}`));
  }
  const $avatar = $item.find('.js-avatar');
  showUserAvatar($avatar, person);
  showPresence($avatar, isOnline);
  $item.find('.js-title').text(person.displayName);
  $item.find('.js-detail').text(detail);
  $item.find('.js-you').prop('hidden', !isMe);
  return $item;
}

export function $drawRoom(room, title) {
  const $item = $fromTemplate('person');
  $item.find('.js-person').attr({ href: hashOfConversation(room.id), 'data-id': room.id });
  showConversationAvatar($item.find('.js-avatar'), room);
  $item.find('.js-title').text(title);
  return $item;
}
