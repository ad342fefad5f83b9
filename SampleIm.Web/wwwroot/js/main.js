import $ from '../lib/jquery.slim.module.min.js';
import { createAccount } from './account.js';
import { initAccount } from './account_ui.js';
import { createComposer } from './composer.js';
import { initComposer } from './composer_ui.js';
import { createConversations } from './conversations.js';
import { initConversations } from './conversations_ui.js';
import { ask, initLightbox } from './dialog_ui.js';
import { createDrafts } from './drafts.js';
import { createEvent } from './event.js';
import { newId } from './ids.js';
import { initLayout, showPane } from './layout_ui.js';
import { initMessageMenu } from './message_menu_ui.js';
import { initMessages } from './messages_ui.js';
import { createNavigation } from './navigation.js';
import { initConnectionNotice, showConnection, toastError } from './notice_ui.js';
import { createOpenTalk } from './open_talk.js';
import { createOutbox } from './outbox.js';
import { initPictures } from './pictures_ui.js';
import { createPreferences } from './preferences.js';
import { initPreferences } from './preferences_ui.js';
import { createPresence } from './presence.js';
import { initPresence } from './presence_ui.js';
import { previews } from './previews.js';
import { createReadCursor } from './read_cursor.js';
import { createRequest } from './request.js';
import { conversationOfHash } from './route.js';
import { createSearch } from './search.js';
import { initSearch } from './search_ui.js';
import { createSession } from './session.js';
import { createStorage } from './storage.js';
import { focusTalk, initTalk } from './talk_ui.js';
import { text } from './text.js';
import { createTotal } from './total.js';
import { createUpload } from './upload.js';

const firstAnswerRetryMs = 2000;
const timers = {
  setTimeout: (action, delayMs) => window.setTimeout(action, delayMs),
  clearTimeout: (timer) => window.clearTimeout(timer),
};
const signInRequired = createEvent();
const onSignInRequired = signInRequired.emit;
const fetch = (path, options) => window.fetch(path, options);

const storage = createStorage(() => window.localStorage);
const preferences = createPreferences({ storage, browserLanguages: navigator.languages });
const request = createRequest({ fetch, onSignInRequired });
const upload = createUpload({ XMLHttpRequest: window.XMLHttpRequest, onSignInRequired });
const account = createAccount({ request });
const total = createTotal({ request, timers });
const presence = createPresence();
const conversations = createConversations({ request });
const search = createSearch({ request, timers });
const readCursor = createReadCursor({ request, onRead: conversations.markRead });
const openTalk = createOpenTalk({ request, conversations });
const outbox = createOutbox({ request, upload, timers, storage, previews, newId });
const drafts = createDrafts({ storage });
const composer = createComposer({ drafts, outbox, previews });
const navigation = createNavigation({
  location: window.location,
  conversations,
  openTalk,
  onOpened: focusTalk,
  onRefused: toastError,
});
const stores = { account, total, presence, conversations, search, readCursor, openTalk, outbox, composer };
signInRequired.on(account.expire);
const session = createSession({
  ...stores,
  drafts,
  navigation,
  onOtherUser: () => window.location.reload(),
});

initPreferences({ preferences });
initAccount({ account, preferences });
initLayout({ account });
initConnectionNotice({ total, preferences });
initConversations({ conversations, presence, account, preferences });
initPresence({ presence, preferences });
initSearch({ search, account, preferences });
initTalk({ ...stores, preferences });
initComposer({ composer, openTalk, account, preferences, log: initMessages({ ...stores, preferences }) });
initPictures({ composer });
initMessageMenu(stores);
initLightbox();

function followAddress() {
  showPane(conversationOfHash(window.location.hash) ? 'talk' : 'list');
  if (account.current()) {
    navigation.follow();
  }
}

// Where list and talk stand side by side, an empty talk would be a wasted first sight.
function chooseFirstSight() {
  if (!conversationOfHash(window.location.hash) && window.matchMedia('(min-width: 45rem)').matches) {
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

async function begin() {
  try {
    await account.load();
    showConnection({ failures: 0, error: null });
  } catch (error) {
    showConnection({ failures: Infinity, error });
    timers.setTimeout(begin, firstAnswerRetryMs);
  }
}

$('.js-sign-out').on('click', signOut);
$(window).on('hashchange', followAddress);
$(window).on('online', total.pollNow);
$(document).on('visibilitychange', total.pollNow);
account.changed.on(() => {
  chooseFirstSight();
  followAddress();
});
begin();
