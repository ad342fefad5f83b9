import { initAnnouncer } from './announcer_ui.js';
import { createNotices as createNews } from './notices.js';
import { initNotices as initNews } from './notices_ui.js';
import { createNotifier } from './notifier.js';
import { createSound } from './sound.js';

export function createNotices({ conversations, leadership, channel, isInView, onChosen }) {
  const notices = createNews({
    conversations,
    isLeader: leadership.isLeader,
    channel,
    inView: () => (isInView() ? conversations.openId() : null),
  });
  const notifier = createNotifier({ Notification: notificationsOf(window), onChosen });
  const sound = createSound({ AudioContext: window.AudioContext, nowMs: () => performance.now() });
  return { notices, notifier, sound };
}

export function initNotices(stores) {
  initNews(stores);
  initAnnouncer(stores);
}

// Under plain http the name may exist, and every notification be refused.
function notificationsOf({ isSecureContext, Notification }) {
  return isSecureContext ? Notification : undefined;
}
