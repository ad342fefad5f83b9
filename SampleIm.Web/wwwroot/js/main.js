import $ from '../lib/jquery.slim.module.min.js';
import { createAccount } from './session/account.js';
import { initAccount } from './session/account_ui.js';
import { initAnnouncer } from './notices/announcer_ui.js';
import { createArrival } from './session/arrival.js';
import { initArrowKeys } from './shell/arrow_keys_ui.js';
import { isInView } from './notices/attention_ui.js';
import { createCalendar } from './text/calendar.js';
import { hearServerTime } from './poll/clock.js';
import { createComposer } from './composer/composer.js';
import { initComposer } from './composer/composer_ui.js';
import { createConversations } from './conversations/conversations.js';
import { initConversations } from './conversations/conversations_ui.js';
import { ask } from './shell/dialog_ui.js';
import { createDrafts } from './composer/drafts.js';
import { initEmojiPicker } from './composer/emoji_picker_ui.js';
import { createEvent } from './shell/event.js';
import { newId } from './shell/ids.js';
import { initLayout, isOnePane, showPane } from './shell/layout_ui.js';
import { createLeadership } from './poll/leadership.js';
import { initLightbox } from './messages/lightbox_ui.js';
import { initLogKeys } from './messages/log_keys_ui.js';
import { initMessageMenu } from './messages/message_menu_ui.js';
import { initMessages } from './messages/messages_ui.js';
import { createLimits } from './composer/limits.js';
import { createNavigation } from './conversations/navigation.js';
import { initConnectionNotice, showConnection, toast, toastError } from './shell/notice_ui.js';
import { createNotices } from './notices/notices.js';
import { initNotices } from './notices/notices_ui.js';
import { createNotifier } from './notices/notifier.js';
import { createOpenTalk } from './conversations/open_talk.js';
import { createOutbox } from './outbox/outbox.js';
import { scaled } from './composer/photo.js';
import { createPictureStore } from './outbox/picture_store.js';
import { asPicture } from './composer/picture_type.js';
import { initPictures } from './composer/pictures_ui.js';
import { createPoll } from './poll/poll.js';
import { createPreferences } from './settings/preferences.js';
import { initPreferences } from './settings/preferences_ui.js';
import { createPresence } from './people/presence.js';
import { initPresence } from './people/presence_ui.js';
import { previews } from './composer/previews.js';
import { createReadCursor } from './conversations/read_cursor.js';
import { createRequest } from './poll/request.js';
import { conversationOfHash, hashOfConversation } from './conversations/route.js';
import { createSearch } from './search/search.js';
import { initSearch } from './search/search_ui.js';
import { createSession } from './session/session.js';
import { initSettings } from './settings/settings_ui.js';
import { initShortcuts } from './shell/shortcuts_ui.js';
import { createSound } from './notices/sound.js';
import { createStorage } from './shell/storage.js';
import { createTabChannel } from './poll/tab_channel.js';
import { focusTalkUnlessLeft, noteFocus } from './conversations/talk_focus_ui.js';
import { initTalk } from './conversations/talk_ui.js';
import { retryText, text } from './text/text.js';
import { createTotal } from './poll/total.js';
import { createUpload } from './outbox/upload.js';
import { initViewport } from './shell/viewport_ui.js';
import { createWorkerTimers } from './poll/worker_timers.js';

const pageTimers = {
  setTimeout: (action, delayMs) => window.setTimeout(action, delayMs),
  clearTimeout: (timer) => window.clearTimeout(timer),
};
const timers = createWorkerTimers({
  createWorker: () => new Worker(import.meta.resolve('./poll/timer_worker.js')),
  pageTimers,
});
const signInRequired = createEvent();
const onSignInRequired = signInRequired.emit;
const fetch = (path, options) => window.fetch(path, options);

const storage = createStorage(() => window.localStorage);
const pictures = createPictureStore(() => window.indexedDB);
const channel = createTabChannel(window);
const leadership = createLeadership({ channel, timers, newId });
const preferences = createPreferences({ storage, browserLanguages: navigator.languages });
const request = createRequest({ fetch, onSignInRequired, onServerTime: hearServerTime });
const upload = createUpload({ XMLHttpRequest: window.XMLHttpRequest, timers, onSignInRequired });
const account = createAccount({ request, storage });
const total = createTotal({ poll: createPoll({ request, timers }), leadership, channel });
const calendar = createCalendar({ total });
const presence = createPresence();
const conversations = createConversations({ request });
const search = createSearch({ request, timers });
const openTalk = createOpenTalk({ request, conversations, timers });
const readCursor = createReadCursor({
  request,
  timers,
  onRead: (id, seq) => conversations.markRead(id, seq, openTalk.recalledSeqs(id)),
});
const outbox = createOutbox({
  request,
  upload,
  timers,
  storage,
  pictures,
  previews,
  leadership,
  channel,
  newId,
});
const drafts = createDrafts({ storage });
const limits = createLimits({ request, timers });
const composer = createComposer({ drafts, outbox, previews, asPicture, scaled, preferences, limits });
const notices = createNotices({
  conversations,
  isLeader: leadership.isLeader,
  channel,
  inView: () => (isInView() ? conversations.openId() : null),
});
const notifier = createNotifier({ Notification: notificationsOf(window), onChosen: comeTo });
const sound = createSound({ AudioContext: window.AudioContext, nowMs: () => performance.now() });
const navigation = createNavigation({
  location: window.location,
  conversations,
  openTalk,
  timers,
  onOpened: focusTalkUnlessLeft,
  onDelayed: (error) => toast(retryText(error)),
  onRefused: toastError,
});
const stores = {
  account,
  total,
  presence,
  conversations,
  search,
  readCursor,
  openTalk,
  outbox,
  composer,
  limits,
  notices,
  preferences,
  calendar,
};
const arrival = createArrival({ account, timers, onConnection: showConnection });
const session = createSession({
  ...stores,
  drafts,
  navigation,
  onOtherUser: () => window.location.reload(),
});

initPreferences({ preferences });
initAccount(stores);
initLayout(stores);
initConnectionNotice({ ...stores, tryNow });
initConversations(stores);
initPresence(stores);
initSearch(stores);
initTalk(stores);
initComposer({ ...stores, log: initMessages(stores) });
initPictures(stores);
initEmojiPicker(stores);
initLogKeys({ messageMenu: initMessageMenu(stores) });
initLightbox(stores);
initAnnouncer(stores);
initViewport();
initNotices({ ...stores, notifier, sound });
initSettings({ ...stores, notifier, signOut });
initShortcuts(stores);
initArrowKeys($('.js-conversations'), '.js-conversation', { onLeft: () => $('.js-search').trigger('focus') });
initArrowKeys($('.js-online'), '.js-person[href]');

// Under plain http the name may exist, and every notification be refused.
function notificationsOf({ isSecureContext, Notification }) {
  return isSecureContext ? Notification : undefined;
}

function comeTo(id) {
  window.focus();
  window.location.hash = hashOfConversation(id);
}

function followAddress() {
  showPane(conversationOfHash(window.location.hash) ? 'talk' : 'list');
  if (account.current()) {
    noteFocus();
    navigation.follow();
  }
}

// Where list and talk stand side by side, an empty talk would be a wasted first sight.
function chooseFirstSight() {
  if (!conversationOfHash(window.location.hash) && !isOnePane()) {
    window.history.replaceState(null, '', '#/lobby');
  }
}

async function signOut() {
  const agreed = outbox.isEmpty() || (await ask(unsentQuestion()));
  if (!agreed) {
    return;
  }
  try {
    await session.signOut();
    window.history.replaceState(null, '', '#/');
  } catch (error) {
    toastError(error);
  }
}

function unsentQuestion() {
  return {
    title: text('account.signOutUnsent'),
    detail: text('account.signOutUnsentDetail'),
    yes: text('account.signOut'),
  };
}

function tryNow() {
  arrival.tryNow();
  total.pollNow();
}

function wakeUp() {
  arrival.tryNow();
  total.wakeUp();
}

function onStored({ originalEvent: { key } }) {
  preferences.onStored(key);
  account.onStored(key);
  outbox.onStored(key);
  if (!isWriting()) {
    composer.onStored(key);
  }
}

// A hidden tab keeps its active element, and nobody writes there.
function isWriting() {
  return document.hasFocus() && $('.js-composer-text').is(document.activeElement);
}

signInRequired.on(account.expire);
account.appeared.on(arrival.begin);
account.changed.on(() => {
  chooseFirstSight();
  followAddress();
});
$('.js-sign-out').on('click', signOut);
$(window).on('hashchange', followAddress);
$(window).on('storage', onStored);
$(window).on('online pageshow', wakeUp);
$(window).on('pagehide', total.suspend);
$(document).on('visibilitychange', wakeUp);
arrival.begin();
