import { isInView } from '../shell/attention_ui.js';
import { showBadge } from './badge_ui.js';
import { previewOf, titleOf } from '../conversations/conversations_ui.js';

// Tells of new messages: on the icon, by a sound and by a notification.
export function initNotices({ notices, notifier, sound, conversations, account, preferences }) {
  function announce(news) {
    if (preferences.sound()) {
      sound.play();
    }
    if (preferences.notifications() && notifier.isAllowed() && !isInView()) {
      news.forEach((talk) => notifier.notify(talk.id, titleOf(talk), previewOf(talk, account.current())));
    }
  }

  function follow() {
    const unread = conversations.list().filter((talk) => talk.unread > 0);
    showBadge(conversations.unread());
    notifier.closeRead(unread.map(({ id }) => id));
  }

  notices.announced.on(announce);
  conversations.changed.on(follow);
}
