import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAccount, fieldsOf } from '../js/session/account.js';
import { createPreferences } from '../js/settings/preferences.js';
import { createSearch } from '../js/search/search.js';
import { RequestError } from '../js/session/answer.js';
import {
  answerOf,
  createAnsweredRequest,
  createFakeStorage,
  createFakeTimers,
  createHeldRequest,
  failure,
  settled,
} from './fakes.js';

const alice = { username: 'alice', displayName: 'Alice' };

describe('the account', () => {
  it('is nobody when the server says so, and unknown when it says nothing', async () => {
    const storage = createFakeStorage();
    storage.set('sampleim.user', 'alice');
    const signedOut = createAccount({ storage, request: async () => ({ status: 204, body: null }) });
    await signedOut.load();
    assert.equal(signedOut.current(), null);
    assert.equal(signedOut.hasExpired(), false);

    storage.set('sampleim.user', 'alice');
    const unreachable = createAccount({
      storage,
      request: async () => {
        throw failure('network');
      },
    });
    await assert.rejects(unreachable.load(), { code: 'network' });
    assert.equal(unreachable.current(), undefined);
  });

  it('is asked for whatever the browser has kept: the cookie may outlive the storage', async () => {
    const kept = createFakeStorage();
    kept.set('sampleim.user', '{');
    const refusing = { get: () => null, set: () => false, remove: () => {} };
    for (const storage of [createFakeStorage(), kept, refusing]) {
      const { request, calls } = createAnsweredRequest(() => answerOf(alice));
      const account = createAccount({ request, storage });
      await account.load();
      assert.equal(account.current().username, 'alice');
      assert.deepEqual(
        calls.map(({ path }) => path),
        ['/api/account?ifSignedIn=true'],
      );
    }
    assert.equal(kept.get('sampleim.user'), 'alice', 'the other tabs are told');
  });

  it('asks again when another tab has signed out while the page was prepared', async () => {
    const storage = createFakeStorage();
    const answers = [answerOf(alice), { status: 204, body: null }];
    const { request, calls } = createAnsweredRequest(() => answers.shift());
    const prepare = async () => storage.set('sampleim.user', '');
    const account = createAccount({ request, storage, prepare });
    await account.load();
    assert.equal(account.current(), null);
    assert.equal(calls.length, 2);
  });

  it('asks who it is when another tab has signed in as somebody else while the page was prepared', async () => {
    const storage = createFakeStorage();
    const { request } = createAnsweredRequest(() => answerOf(alice));
    const prepare = async () => storage.set('sampleim.user', 'bob');
    const account = createAccount({ request, storage, prepare });
    let asked = 0;
    account.appeared.on(() => {
      asked += 1;
    });
    await account.signIn({ username: 'alice', password: 'secret-words' });
    assert.equal(account.current(), undefined);
    assert.equal(storage.get('sampleim.user'), 'bob');
    assert.equal(asked, 1);
  });

  it('is still who has signed in while the question was on its way', async () => {
    const { request, calls } = createHeldRequest();
    const account = createAccount({ request, storage: createFakeStorage() });
    const loading = account.load();
    const signingIn = account.signIn({ username: 'alice', password: 'secret-words' });
    calls[1].resolve(answerOf(alice));
    await signingIn;
    calls[0].resolve({ status: 204, body: null });
    await loading;
    assert.equal(account.current(), alice);
  });

  it('is nobody after a sign-out of a sign-in that had ended, and says nothing of an end', async () => {
    let onEnded = null;
    const storage = createFakeStorage();
    const { request } = createAnsweredRequest(() => {
      if (onEnded) {
        onEnded();
        throw failure('account.signInRequired', { status: 401 });
      }
      return answerOf(alice);
    });
    const account = createAccount({ request, storage });
    await account.signIn({ username: 'alice', password: 'secret-words' });
    onEnded = account.expire;
    await account.signOut();
    assert.deepEqual(
      [account.current(), account.hasExpired(), storage.get('sampleim.user')],
      [null, false, null],
    );
  });

  it('takes no saved profile for a sign-in', async () => {
    const { request, calls } = createHeldRequest();
    const account = createAccount({ request, storage: createFakeStorage() });
    account.signIn({ username: 'alice', password: 'secret-words' });
    calls[0].resolve(answerOf(alice));
    await settled();
    const saving = account.saveProfile({ displayName: 'Al' });
    account.expire();
    calls[1].resolve(answerOf({ ...alice, displayName: 'Al' }));
    await saving;
    assert.equal(account.current(), null);
  });

  it('knows whose sign-in has ended by itself, and forgets who has signed out', async () => {
    const { request } = createAnsweredRequest(() => answerOf(alice));
    const account = createAccount({ request, storage: createFakeStorage() });
    await account.signIn({ username: 'alice', password: 'secret-words' });
    assert.equal(account.expiredUsername(), null);
    account.expire();
    assert.equal(account.expiredUsername(), 'alice');
    await account.signIn({ username: 'alice', password: 'secret-words' });
    await account.signOut();
    assert.equal(account.expiredUsername(), null);
  });

  it('follows what another tab does', async () => {
    const { request } = createAnsweredRequest(() => answerOf(alice));
    const storage = createFakeStorage();
    const [here, there] = [createAccount({ request, storage }), createAccount({ request, storage })];
    await Promise.all([here.load(), there.load()]);
    await there.signIn({ username: 'alice', password: 'secret-words' });
    here.appeared.on(here.load);
    here.onStored('sampleim.user');
    await settled();
    assert.equal(here.current(), alice);
    there.expire();
    here.onStored('sampleim.user');
    assert.deepEqual([here.current(), here.hasExpired()], [null, true]);
    await there.signIn({ username: 'alice', password: 'secret-words' });
    here.onStored('sampleim.user');
    await settled();
    const told = [];
    here.replaced.on(() => told.push('replaced'));
    storage.set('sampleim.user', 'bob');
    here.onStored('sampleim.user');
    assert.deepEqual(told, ['replaced']);
  });

  it('saves the profile without beginning again', async () => {
    const { request, calls } = createAnsweredRequest(() => answerOf({ ...alice, displayName: 'Al' }));
    const account = createAccount({ request, storage: createFakeStorage() });
    await account.signIn({ username: 'alice', password: 'secret-words' });
    account.changed.on(() => assert.fail('began again'));
    await account.saveProfile({ displayName: 'Al', email: '', bio: 'x', other: 1 });
    assert.deepEqual(calls[1].body, { displayName: 'Al', email: '', bio: 'x' });
    assert.equal(account.current().displayName, 'Al');
  });

  it('signs up without an empty display name', async () => {
    const { request, calls } = createAnsweredRequest(() => answerOf(alice, { status: 201 }));
    const account = createAccount({ request, storage: createFakeStorage() });
    await account.signUp({ username: 'alice', password: 'secret-words', displayName: '' });
    assert.deepEqual(calls[0].body, { username: 'alice', password: 'secret-words' });
    assert.equal(account.current(), alice);
  });

  it('tells once that the sign-in has ended', async () => {
    const { request } = createAnsweredRequest(() => answerOf(alice));
    const account = createAccount({ request, storage: createFakeStorage() });
    const told = [];
    account.changed.on((me) => told.push(me));
    await account.signIn({ username: 'alice', password: 'secret-words', rememberMe: true });
    account.expire();
    account.expire();
    assert.deepEqual(told, [alice, null]);
    assert.equal(account.hasExpired(), true);
  });

  it('finds the field that an error is about', () => {
    assert.deepEqual(fieldsOf(failure('account.usernameTaken')), ['username']);
    assert.deepEqual(fieldsOf(new RequestError({ code: 'request.invalid', errors: { password: ['x'] } })), [
      'password',
    ]);
    assert.deepEqual(fieldsOf(failure('account.badCredentials')), []);
  });
});

describe('the preferences', () => {
  it('begin with the first language of the browser that the page speaks', () => {
    const languageFor = (...browserLanguages) =>
      createPreferences({ storage: createFakeStorage(), browserLanguages }).language();
    assert.equal(languageFor('de-DE', 'zh-Hans-CN', 'en'), 'zh');
    assert.equal(languageFor('en-GB', 'zh-CN'), 'en');
    assert.equal(languageFor('fr'), 'en');
  });

  it('are remembered', () => {
    const storage = createFakeStorage();
    const preferences = createPreferences({ storage, browserLanguages: ['en'] });
    preferences.nextLanguage();
    preferences.nextTheme();
    const later = createPreferences({ storage, browserLanguages: ['en'] });
    assert.deepEqual([later.language(), later.theme()], ['zh', 'light']);
  });
});

describe('the search', () => {
  it('asks when the typing rests, and shows the answer to the last query only', async () => {
    const timers = createFakeTimers();
    const { request, calls } = createHeldRequest();
    const search = createSearch({ request, timers });
    search.setQuery('a');
    search.setQuery('al&');
    await timers.advance(200);
    assert.deepEqual(
      calls.map(({ path }) => path),
      ['/api/users?query=al%26&limit=20'],
    );
    search.setQuery('bo');
    calls[0].resolve(answerOf({ users: [alice] }));
    await settled();
    assert.equal(search.state().status, 'searching');
    await timers.advance(200);
    calls[1].resolve(answerOf({ users: [] }));
    await settled();
    assert.deepEqual(search.state(), { query: 'bo', status: 'done', users: [] });
    search.setQuery(' ');
    assert.equal(search.state().status, 'idle');
  });
});
