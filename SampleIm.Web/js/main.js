import $ from 'jquery/slim';
import { createSession, initSession, RequestError } from './session/index.js';
import { createSettings } from './settings/index.js';
import { createEvent, createShell, initConnectionNotice, showConnection } from './shell/index.js';
import { hearServerTime } from './text/index.js';

// What signing in needs. The chat is loaded beside it, and joined before anybody is let in.
const wokeUp = createEvent();
const triedNow = createEvent();
const signInRequired = createEvent();
const shell = createShell(wokeUp);
const { preferences } = createSettings(shell);
const session = createSession({
  ...shell,
  signInRequired,
  onServerTime: hearServerTime,
  onConnection: showConnection,
  prepare: joinChat,
});
const { account, arrival } = session;
const chatAddress = import.meta.resolve('./chat.js');
let failures = 0;
let isJoined = false;

async function joinChat() {
  const { startChat } = await loadChat();
  if (!isJoined) {
    isJoined = true;
    startChat({ ...shell, ...session, preferences, signInRequired, wokeUp, triedNow });
  }
}

async function loadChat() {
  try {
    return await (failures === 0 ? import('./chat.js') : import(`${chatAddress}?${failures}`));
  } catch (error) {
    // Some browsers never ask again for a module that failed once: by another address they do.
    failures += 1;
    throw new RequestError({ code: 'network' }, { cause: error });
  }
}

initSession({ account, preferences });
initConnectionNotice({ preferences, tryNow: triedNow.emit });
triedNow.on(arrival.tryNow);
wokeUp.on(arrival.tryNow);
$(window).on('storage', ({ originalEvent: { key } }) => {
  preferences.onStored(key);
  account.onStored(key);
});
arrival.begin();
