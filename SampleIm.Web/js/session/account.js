import { createEvent } from '../shell/event.js';

const hintKey = 'sampleim.user';
const profile = { username: 'alice', displayName: 'Alice' };
const fieldByCode = {
  'account.usernameInvalid': 'username',
  'account.usernameTaken': 'username',
  'account.passwordWeak': 'password',
  'account.wrongPassword': 'currentPassword',
  'account.displayNameInvalid': 'displayName',
  'account.emailInvalid': 'email',
  'account.bioTooLong': 'bio',
  'account.bioInvalid': 'bio',
};

// Who is signed in: null is nobody, and undefined is not known yet. Only the server knows; the storage holds the name so that the
// tabs of a browser tell each other. An empty one is a sign-in that has ended by itself. Before anybody is let in, `prepare` is
// awaited: what they come for may have to be loaded.
export function createAccount({ request, storage, prepare = async () => {} }) {
  const changed = createEvent();
  const profileChanged = createEvent();
  const replaced = createEvent();
  const appeared = createEvent();
  let current;
  let latestUsername = null;
  let expired = false;

  async function load() {
    const me = await askPrepared();
    // Meanwhile somebody may have signed in through the form.
    if (current) {
      return;
    }
    if (me) {
      storage.set(hintKey, me.username);
    } else {
      storage.remove(hintKey);
    }
    // Shown again, the form would lose what is being entered.
    if (current !== me) {
      set(me);
    }
  }

  // While the page was prepared another tab may have signed in or out: then the answer is an old one.
  async function askPrepared() {
    const hint = storage.get(hintKey);
    const me = await ask();
    if (me) {
      await prepare();
    }
    return current || storage.get(hintKey) === hint ? me : askPrepared();
  }

  async function ask() {
    const { body } = await request('GET', '/api/account?ifSignedIn=true', {
      expects: { 200: profile, 204: null },
    });
    return body;
  }

  async function signIn({ username, password, rememberMe }) {
    const { body } = await request('POST', '/api/account/login', {
      expects: { 200: profile },
      body: { username, password, rememberMe },
    });
    await enter(body);
  }

  async function signUp({ username, password, displayName }) {
    const body = { username, password, ...(displayName ? { displayName } : {}) };
    const answer = await request('POST', '/api/account/register', { expects: { 201: profile }, body });
    await enter(answer.body);
  }

  async function enter(me) {
    expired = false;
    const isNoted = storage.set(hintKey, me.username);
    try {
      await prepare();
    } catch (error) {
      // The sign-in itself is done.
      appeared.emit();
      throw error;
    }
    if (isNoted && storage.get(hintKey) !== me.username) {
      // Another tab has signed in or out meanwhile.
      appeared.emit();
      return;
    }
    set(me);
  }

  async function signOut() {
    try {
      await request('POST', '/api/account/logout', { expects: { 204: null } });
    } catch (error) {
      // A sign-in that has ended already is what was asked for.
      if (error.code !== 'account.signInRequired') {
        throw error;
      }
    }
    expired = false;
    storage.remove(hintKey);
    set(null);
  }

  function expire() {
    if (current) {
      expired = true;
      storage.set(hintKey, '');
      set(null);
    }
  }

  async function saveProfile({ displayName, email, bio }) {
    const { body } = await request('PATCH', '/api/account', {
      expects: { 200: profile },
      body: { displayName, email, bio },
    });
    // Until the answer comes somebody else may have signed in, or nobody may be any more.
    if (current?.username === body.username) {
      current = body;
      profileChanged.emit();
    }
  }

  async function changePassword({ currentPassword, password }) {
    await request('POST', '/api/account/password', {
      expects: { 204: null },
      body: { currentPassword, newPassword: password },
    });
  }

  // Another tab has signed in or out.
  function onStored(key) {
    if (key !== hintKey || current === undefined) {
      return;
    }
    const username = storage.get(hintKey);
    if (current && username && username !== current.username) {
      replaced.emit();
    } else if (current && !username) {
      expired = username === '';
      set(null);
    } else if (!current && username) {
      appeared.emit();
    }
  }

  function set(next) {
    current = next;
    latestUsername = next?.username ?? latestUsername;
    changed.emit(current);
  }

  return {
    changed,
    profileChanged,
    replaced,
    appeared,
    load,
    signIn,
    signUp,
    signOut,
    expire,
    saveProfile,
    changePassword,
    onStored,
    current: () => current,
    hasExpired: () => expired,
    // Whose sign-in has ended by itself: most likely the same person goes on.
    expiredUsername: () => (expired ? latestUsername : null),
  };
}

// The fields that an error is about, so that it can be shown beside them; none when it is about the whole.
export function fieldsOf(error) {
  const field = fieldByCode[error.code];
  return field ? [field] : Object.keys(error.errors);
}
