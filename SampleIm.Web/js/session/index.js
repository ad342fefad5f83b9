import { createAccount } from './account.js';
import { initAccount } from './account_ui.js';
import { createArrival } from './arrival.js';
import { createRequest } from './request.js';

export { RequestError } from './answer.js';
export { createSession as createChatSession } from './session.js';

// Who is signed in, and the requests that are made in their name.
export function createSession({ storage, timers, signInRequired, onServerTime, onConnection, prepare }) {
  const request = createRequest({
    fetch: (path, options) => window.fetch(path, options),
    onSignInRequired: signInRequired.emit,
    onServerTime,
  });
  const account = createAccount({ request, storage, prepare });
  const arrival = createArrival({ account, timers, onConnection });
  signInRequired.on(account.expire);
  account.appeared.on(arrival.begin);
  return { request, account, arrival };
}

export function initSession(stores) {
  initAccount(stores);
}
