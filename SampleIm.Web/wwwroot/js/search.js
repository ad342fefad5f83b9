import { createEvent } from './event.js';

const restMs = 200;
const limit = 20;

// Finds people while one types; an answer to an older query never replaces a newer one.
export function createSearch({ request, timers }) {
  const changed = createEvent();
  let state = { query: '', status: 'idle', users: [] };
  let timer = null;
  let flight = null;

  function setQuery(next) {
    const query = next.trim();
    if (query === state.query) {
      return;
    }
    timers.clearTimeout(timer);
    flight?.abort();
    flight = null;
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
      const { body } = await request('GET', path, { signal: mine.signal });
      if (flight === mine) {
        set({ query, status: 'done', users: body.users });
      }
    } catch (error) {
      if (flight === mine) {
        set({ query, status: 'failed', users: [], error });
      }
    }
  }

  function set(next) {
    state = next;
    changed.emit();
  }

  return { changed, setQuery, state: () => state };
}
