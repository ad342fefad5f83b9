// What begins with a sign-in and ends with it.
export function createSession({ onOtherUser, ...stores }) {
  const {
    account,
    total,
    presence,
    conversations,
    search,
    readCursor,
    openTalk,
    outbox,
    drafts,
    navigation,
  } = stores;

  function begin(me) {
    drafts.start(me.username);
    outbox.start(me.username);
    total.start();
  }

  // Drafts and unsent messages stay: the sign-in may only have expired.
  function end() {
    total.stop();
    outbox.pause();
    openTalk.reset();
    conversations.reset();
    presence.reset();
    readCursor.reset();
    search.setQuery('');
  }

  // Signing out on purpose leaves nothing behind on a computer that others use as well.
  async function signOut() {
    await account.signOut();
    outbox.clear();
    drafts.clear();
  }

  function onPolled(answer) {
    if (answer && answer.me !== account.current().username) {
      // Another tab has signed in as somebody else.
      total.stop();
      onOtherUser();
      return;
    }
    if (answer) {
      conversations.accept(answer);
      presence.accept(answer);
    }
    navigation.retry();
    openTalk.follow();
  }

  account.changed.on((me) => {
    end();
    if (me) {
      begin(me);
    }
  });
  total.polled.on(onPolled);
  total.connectionChanged.on(({ failures }) => {
    if (failures === 0) {
      outbox.resume();
    }
  });
  outbox.sent.on(openTalk.accept);

  return { signOut };
}
