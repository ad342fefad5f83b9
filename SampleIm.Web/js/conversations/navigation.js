import { createRest } from '../session/back_off.js';
import { conversationOfHash, hashOfConversation } from '../shell/route.js';

// Opens what the address names. What fails for a passing reason is tried again at a later answered poll.
export function createNavigation({
  location,
  conversations,
  openTalk,
  timers,
  onOpened,
  onDelayed,
  onRefused,
  random,
}) {
  const rest = createRest({ timers, random });
  let isOpening = false;
  let delayedId = null;

  function follow() {
    const id = conversationOfHash(location.hash);
    if (id === null) {
      close();
    } else if (isOpening || id !== openTalk.current()?.id) {
      open(id);
    }
  }

  function close() {
    isOpening = false;
    if (openTalk.current()) {
      conversations.close();
      openTalk.close();
    }
  }

  async function open(id) {
    isOpening = true;
    const conversation = await conversations.open(id).catch((error) => refuse(id, error));
    if (conversation) {
      isOpening = false;
      delayedId = null;
      rest.end();
      openTalk.open(conversation);
      correctAddress(id, conversation.id);
      onOpened();
    }
  }

  function refuse(id, error) {
    isOpening = false;
    if (error.isPassing) {
      delay(id, error);
    } else if (error.code !== 'account.signInRequired') {
      // After an expired sign-in the address is where the person goes on.
      location.replace('#/');
      onRefused(error);
    }
    return null;
  }

  // A lost connection is told elsewhere already.
  function delay(id, error) {
    rest.begin(error);
    if (delayedId !== id && error.code !== 'network') {
      onDelayed(error);
    }
    delayedId = id;
  }

  function correctAddress(asked, named) {
    if (asked !== named) {
      location.replace(hashOfConversation(named));
    }
  }

  function retry() {
    if (!isOpening && !rest.isOn()) {
      follow();
    }
  }

  return { follow, retry };
}
