import $ from 'jquery/slim';
import { createWriting, initComposer, previews } from './composer/index.js';
import * as ways from './conversations/index.js';
import { createMessages, initMessages, scaled } from './messages/index.js';
import { createNotices, initNotices } from './notices/index.js';
import { createSending } from './outbox/index.js';
import { createPeople, initPeople } from './people/index.js';
import { createPolling } from './poll/index.js';
import { createSearch, initSearch } from './search/index.js';
import { createChatSession } from './session/index.js';
import { initSettings } from './settings/index.js';
import * as shell from './shell/index.js';
import { retryText, text } from './text/index.js';

// Joins the rooms of the chat, for the person who signs in.
export function startChat(given) {
  const stores = createStores(given);
  const { account, navigation } = stores;
  const session = createChatSession({ ...stores, onOtherUser: () => window.location.reload() });
  initRooms({ ...stores, signOut: () => signOut(session, stores) });
  followBrowser(stores);
  account.changed.on(() => {
    chooseFirstSight();
    followAddress(account, navigation);
  });
  $('.js-sign-out').on('click', () => signOut(session, stores));
  $(window).on('hashchange', () => followAddress(account, navigation));
}

function createStores(given) {
  const base = { ...given, ...createPolling({ ...given, newId: shell.newId }) };
  const conversations = ways.createConversations(base);
  const talking = {
    ...base,
    ...createPeople(),
    conversations,
    ...createMessages({ ...base, conversations }),
  };
  const sending = { ...talking, ...createSending({ ...talking, previews, newId: shell.newId }) };
  return {
    ...sending,
    ...createWriting({ ...sending, scaled }),
    ...ways.createWays({
      ...sending,
      onDelayed: (error) => shell.toast(retryText(error)),
      onRefused: shell.toastError,
    }),
    ...createNotices({ ...sending, isInView: shell.isInView, onChosen: comeTo }),
    search: createSearch(base),
    calendar: shell.createCalendar(base),
  };
}

function initRooms(stores) {
  shell.initLayout(stores);
  ways.initConversations(stores);
  initPeople(stores);
  initSearch(stores);
  initComposer({ ...stores, log: initMessages(stores) });
  initNotices(stores);
  initSettings(stores);
  shell.initShortcuts({ ...stores, open: goTo });
}

function followBrowser({ total, outbox, composer, wokeUp, triedNow }) {
  total.connectionChanged.on(shell.showConnection);
  wokeUp.on(total.wakeUp);
  triedNow.on(total.pollNow);
  $(window).on('pagehide', total.suspend);
  $(window).on('storage', ({ originalEvent: { key } }) => {
    outbox.onStored(key);
    if (!isWriting()) {
      composer.onStored(key);
    }
  });
}

function goTo(id) {
  window.location.hash = ways.hashOfConversation(id);
}

function comeTo(id) {
  window.focus();
  goTo(id);
}

function followAddress(account, navigation) {
  shell.showPane(ways.conversationOfHash(window.location.hash) ? 'talk' : 'list');
  if (account.current()) {
    ways.noteFocus();
    navigation.follow();
  }
}

// Where list and talk stand side by side, an empty talk would be a wasted first sight.
function chooseFirstSight() {
  if (!ways.conversationOfHash(window.location.hash) && !shell.isOnePane()) {
    window.history.replaceState(null, '', '#/lobby');
  }
}

async function signOut(session, { outbox }) {
  const agreed = outbox.isEmpty() || (await shell.ask(unsentQuestion()));
  if (!agreed) {
    return;
  }
  try {
    await session.signOut();
    window.history.replaceState(null, '', '#/');
  } catch (error) {
    shell.toastError(error);
  }
}

function unsentQuestion() {
  return {
    title: text('account.signOutUnsent'),
    detail: text('account.signOutUnsentDetail'),
    yes: text('account.signOut'),
  };
}

// A hidden tab keeps its active element, and nobody writes there.
function isWriting() {
  return document.hasFocus() && $('.js-composer-text').is(document.activeElement);
}
