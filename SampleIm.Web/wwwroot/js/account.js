import { createEvent } from './event.js';

const hintKey = 'sampleim.user';
const probeKey = 'sampleim.probe';
// As long as the longest username.
const probe = 'x'.repeat(64);
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

// Who is signed in: null is nobody, and undefined is not known yet. The storage holds a hint of it: without one nobody
// is asked for, and the tabs of a browser tell each other by it. An empty hint is a sign-in that has ended by itself.
export function createAccount({ request, storage }) {
  const changed = createEvent();
  const profileChanged = createEvent();
  const replaced = createEvent();
  const appeared = createEvent();
  let current;
  let latestUsername = null;
  let expired = false;

  async function load() {
    if (isSurelyNobody()) {
      set(null);
      return;
    }
    try {
      const { body } = await request('GET', '/api/account');
      set(body);
    } catch (error) {
      if (error.code !== 'account.signInRequired') {
        throw error;
      }
      storage.remove(hintKey);
      set(null);
    }
  }

  // A browser that keeps nothing, or has no room left, gives no hint either.
  function isSurelyNobody() {
    return !storage.get(hintKey) && canKeepHint();
  }

  function canKeepHint() {
    const isKept = storage.set(probeKey, probe);
    if (isKept) {
      storage.remove(probeKey);
    }
    return isKept;
  }

  async function signIn({ username, password, rememberMe }) {
    const { body } = await request('POST', '/api/account/login', {
      body: { username, password, rememberMe },
    });
    enter(body);
  }

  async function signUp({ username, password, displayName }) {
    const body = { username, password, ...(displayName ? { displayName } : {}) };
    const answer = await request('POST', '/api/account/register', { body });
    enter(answer.body);
  }

  function enter(me) {
    expired = false;
    storage.set(hintKey, me.username);
    set(me);
  }

  async function signOut() {
    await request('POST', '/api/account/logout');
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
    const { body } = await request('PATCH', '/api/account', { body: { displayName, email, bio } });
    current = body;
    profileChanged.emit();
  }

  async function changePassword({ currentPassword, password }) {
    await request('POST', '/api/account/password', { body: { currentPassword, newPassword: password } });
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
