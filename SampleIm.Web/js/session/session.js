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
    composer,
    notices,
    navigation,
    limits,
  } = stores;

  let lastUsername = null;

  function begin(me) {
    if (lastUsername !== me.username) {
      composer.clear();
      lastUsername = me.username;
    }
    drafts.start(me.username);
    outbox.start(me.username);
    total.start();
    limits.load();
  }

  // Drafts and unsent messages stay: the sign-in may only have expired.
  function end() {
    total.stop();
    outbox.pause();
    openTalk.reset();
    conversations.reset();
    presence.reset();
    readCursor.reset();
    notices.reset();
    search.setQuery('');
    limits.stop();
  }

  // Signing out on purpose leaves nothing behind on a computer that others use as well.
  async function signOut() {
    await account.signOut();
    outbox.clear();
    drafts.clear();
    composer.clear();
  }

  function onPolled(answer) {
    if (answer && answer.me !== account.current().username) {
      // Another tab has signed in as somebody else.
      end();
      onOtherUser();
      return;
    }
    if (answer) {
      conversations.accept(answer);
      presence.accept(answer);
    }
    navigation.retry();
    openTalk.follow();
    notices.follow();
  }

  account.changed.on((me) => {
    end();
    if (me) {
      begin(me);
    }
  });
  account.replaced.on(() => {
    end();
    onOtherUser();
  });
  total.polled.on(onPolled);
  total.connectionChanged.on(({ failures }) => {
    if (failures === 0) {
      outbox.resume();
      limits.load();
    }
  });
  outbox.sent.on(openTalk.accept);

  return { signOut };
}
