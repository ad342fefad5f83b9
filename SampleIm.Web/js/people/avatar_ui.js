import { hueCount, hueOf, initialsOf } from './avatar.js';

const hueClasses = Array.from({ length: hueCount }, (_, hue) => `avatar--${hue}`).join(' ');

export function showUserAvatar($avatar, { username, displayName }) {
  $avatar
    .removeClass(`${hueClasses} avatar--room`)
    .addClass(`avatar--${hueOf(username)}`)
    .text(initialsOf(displayName || username));
}

export function showConversationAvatar($avatar, { id, kind, title }) {
  if (kind === 'direct') {
    showUserAvatar($avatar, { username: id.slice(1), displayName: title });
  } else {
    $avatar.removeClass(hueClasses).addClass('avatar--room').text('#');
  }
}

export function showPresence($avatar, isOnline) {
  $avatar.toggleClass('avatar--online', isOnline);
}
