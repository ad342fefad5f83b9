import { RequestError } from './answer.js';
import { waitAfter } from './back_off.js';

// Finds out who is signed in, however long the server takes for its first answer.
export function createArrival({ account, timers, onConnection, random }) {
  let failures = 0;
  let timer = null;
  let isAsking = false;

  async function begin() {
    timers.clearTimeout(timer);
    // Meanwhile somebody may have signed in through the form.
    if (isAsking || account.current()) {
      return;
    }
    isAsking = true;
    try {
      await account.load();
      failures = 0;
      onConnection({ failures, error: null });
    } catch (error) {
      retry(error);
    } finally {
      isAsking = false;
    }
  }

  function retry(error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    failures += 1;
    timer = timers.setTimeout(begin, waitAfter(failures, error, { random }));
    // Worth a word at once: there is nothing else to see yet.
    onConnection({ failures: Infinity, error });
  }

  function tryNow() {
    if (failures > 0) {
      begin();
    }
  }

  return { begin, tryNow };
}
