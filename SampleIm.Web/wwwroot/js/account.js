import { createEvent } from './event.js';

const fieldByCode = {
  'account.usernameInvalid': 'username',
  'account.usernameTaken': 'username',
  'account.passwordWeak': 'password',
  'account.displayNameInvalid': 'displayName',
  'account.emailInvalid': 'email',
};

// Who is signed in: null is nobody, and undefined is not known yet.
export function createAccount({ request }) {
  const changed = createEvent();
  let current;
  let expired = false;

  async function load() {
    try {
      const { body } = await request('GET', '/api/account');
      set(body);
    } catch (error) {
      if (error.code !== 'account.signInRequired') {
        throw error;
      }
      set(null);
    }
  }

  async function signIn({ username, password, rememberMe }) {
    const { body } = await request('POST', '/api/account/login', {
      body: { username, password, rememberMe },
    });
    expired = false;
    set(body);
  }

  async function signUp({ username, password, displayName }) {
    const body = { username, password, ...(displayName ? { displayName } : {}) };
    const answer = await request('POST', '/api/account/register', { body });
    expired = false;
    set(answer.body);
  }

  async function signOut() {
    await request('POST', '/api/account/logout');
    set(null);
  }

  function expire() {
    if (current) {
      expired = true;
      set(null);
    }
  }

  function set(next) {
    current = next;
    changed.emit(current);
  }

  return {
    changed,
    load,
    signIn,
    signUp,
    signOut,
    expire,
    current: () => current,
    hasExpired: () => expired,
  };
}

// The fields that an error is about, so that it can be shown beside them; none when it is about the whole.
export function fieldsOf(error) {
  const field = fieldByCode[error.code];
  return field ? [field] : Object.keys(error.errors);
}
