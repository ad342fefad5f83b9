import { conversationOfHash, hashOfConversation } from './route.js';

// Opens what the address names. What fails for want of a connection is tried again at the next answered poll.
export function createNavigation({ location, conversations, openTalk, onOpened, onRefused }) {
  let isOpening = false;

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
    const conversation = await conversations.open(id).catch(refuse);
    if (conversation) {
      isOpening = false;
      openTalk.open(conversation);
      correctAddress(id, conversation.id);
      onOpened();
    }
  }

  function refuse(error) {
    isOpening = false;
    // After an expired sign-in the address is where the person goes on.
    if (!error.isPassing && error.code !== 'account.signInRequired') {
      location.replace('#/');
      onRefused(error);
    }
    return null;
  }

  function correctAddress(asked, named) {
    if (asked !== named) {
      location.replace(hashOfConversation(named));
    }
  }

  function retry() {
    if (!isOpening) {
      follow();
    }
  }

  return { follow, retry };
}
