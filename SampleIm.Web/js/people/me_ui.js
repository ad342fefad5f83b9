import $ from 'jquery/slim';
import { showUserAvatar } from './avatar_ui.js';

// One's own name and avatar, above the list.
export function initMe({ account }) {
  const show = () => showMe(account.current());
  account.changed.on(show);
  account.profileChanged.on(show);
}

function showMe(me) {
  if (me) {
    showUserAvatar($('.js-me-avatar'), me);
    $('.js-me-name').text(me.displayName);
  }
}
