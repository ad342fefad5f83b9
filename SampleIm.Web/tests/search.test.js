import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createSearch } from '../js/search/search.js';
import { answerOf, createFakeTimers, createHeldRequest, failure, settled } from './fakes.js';

const [ali, bob] = [{ username: 'ali' }, { username: 'bob' }];

describe('the search', () => {
  let timers;
  let calls;
  let search;
  let chosen;

  beforeEach(() => {
    timers = createFakeTimers();
    const held = createHeldRequest();
    calls = held.calls;
    search = createSearch({ request: held.request, timers, random: () => 0 });
    chosen = [];
  });

  async function type(query) {
    search.setQuery(query);
    await timers.advance(200);
  }

  async function answer(...users) {
    calls.at(-1).resolve(answerOf({ users }));
    await settled();
  }

  const choose = () => search.whenAnswered(() => chosen.push(search.state().users[0]));

  it('asks once one rests', async () => {
    search.setQuery('b');
    await timers.advance(100);
    await type('bo');
    assert.deepEqual(
      calls.map(({ path }) => path),
      ['/api/users?query=bo&limit=20'],
    );
  });

  it('chooses at once from the answer to what stands there', async () => {
    await type('ali');
    await answer(ali);
    choose();
    assert.deepEqual(chosen, [ali]);
  });

  it('chooses from the answer to come, and not from the older one', async () => {
    await type('ali');
    await answer(ali);
    await type('bob');
    choose();
    assert.deepEqual(chosen, []);
    await answer(bob);
    assert.deepEqual(chosen, [bob]);
  });

  it('asks again by itself when the server is busy, as long as the query stands', async () => {
    await type('bob');
    calls[0].reject(failure('server.busy', { status: 503, retryAfter: 3 }));
    await settled();
    assert.equal(search.state().status, 'failed');
    await timers.advance(2999);
    assert.equal(calls.length, 1);
    await timers.advance(1);
    await answer(bob);
    assert.deepEqual(search.state(), { query: 'bob', status: 'done', users: [bob] });
    await type('bo');
    calls[2].reject(failure('network'));
    await settled();
    search.setQuery('');
    await timers.advance(60_000);
    assert.equal(calls.length, 3);
  });

  it('chooses nothing when one types on, or when the answer fails', async () => {
    await type('ali');
    choose();
    await type('alic');
    await answer(ali);
    await type('bob');
    choose();
    calls.at(-1).reject(failure('network'));
    await settled();
    await type('bo');
    await answer(bob);
    assert.deepEqual(chosen, []);
  });
});
