import { waitAfter } from '../session/back_off.js';
import { createEvent } from '../shell/event.js';

const restMs = 200;
const limit = 20;

// Finds people while one types; an answer to an older query never replaces a newer one.
export function createSearch({ request, timers, random }) {
  const changed = createEvent();
  let state = { query: '', status: 'idle', users: [] };
  let timer = null;
  let flight = null;
  let awaiting = null;
  let failures = 0;

  function setQuery(next) {
    const query = next.trim();
    if (query === state.query) {
      return;
    }
    timers.clearTimeout(timer);
    flight?.abort();
    flight = null;
    awaiting = null;
    failures = 0;
    set({ query, status: query ? 'searching' : 'idle', users: query ? state.users : [] });
    if (query) {
      timer = timers.setTimeout(() => find(query), restMs);
    }
  }

  async function find(query) {
    const mine = new AbortController();
    flight = mine;
    const path = `/api/users?query=${encodeURIComponent(query)}&limit=${limit}`;
    try {
      const { body } = await request('GET', path, { expects: { 200: { users: [] } }, signal: mine.signal });
      if (flight === mine) {
        set({ query, status: 'done', users: body.users });
        awaiting?.();
        awaiting = null;
      }
    } catch (error) {
      if (flight === mine) {
        awaiting = null;
        set({ query, status: 'failed', users: [], error });
        retry(query, error);
      }
    }
  }

  function retry(query, error) {
    if (error.isPassing) {
      failures += 1;
      timer = timers.setTimeout(() => find(query), waitAfter(failures, error, { random }));
    }
  }

  // Acts once the query as it stands is answered, and not at all when it fails or another takes its place.
  function whenAnswered(action) {
    if (state.status === 'searching') {
      awaiting = action;
    } else {
      action();
    }
  }

  function set(next) {
    state = next;
    changed.emit();
  }

  return { changed, setQuery, whenAnswered, state: () => state };
}
