import { createEvent } from './event.js';
import { createMessageWindow } from './message_window.js';
import { RequestError } from './request.js';
import { pathOfConversation } from './route.js';

const pageSize = 50;
const changesAtOnce = 200;
// Somebody who was away for longer starts from the latest page instead of reading every change.
const longestCatchUp = 400;

// The messages of one conversation. `cursor` is the version up to which every change is in the window.
export function createMessages({ id, request, firstPage = pageSize }) {
  const changed = createEvent();
  const path = `${pathOfConversation(id)}/messages`;
  const loaded = createMessageWindow();
  let cursor = null;
  let wanted = null;
  let isFollowing = false;
  let isLoadingOlder = false;
  let loads = 0;
  let error = null;
  let olderError = null;

  // Brings the window up to the version that the poll has shown; called again while busy, it goes on with the newest.
  async function follow(version) {
    wanted = version;
    if (isFollowing) {
      return;
    }
    isFollowing = true;
    try {
      while (wanted !== null) {
        const target = wanted;
        wanted = null;
        await reach(target);
      }
      setError(null);
    } catch (failure) {
      if (!(failure instanceof RequestError)) {
        throw failure;
      }
      setError(failure);
    } finally {
      isFollowing = false;
    }
  }

  async function reach(version) {
    if (cursor === null || version - cursor > longestCatchUp) {
      await load(version);
    } else if (version !== cursor) {
      await catchUp();
    }
  }

  // The version was known before the page was asked for: what changes in between comes again with the next changes.
  async function load(version) {
    const { body } = await request('GET', `${path}/history?limit=${firstPage}`);
    loads += 1;
    loaded.replace(body.messages, body.hasMore);
    cursor = version;
    changed.emit();
  }

  async function catchUp() {
    let hasMore = true;
    while (hasMore) {
      const { body } = await request('GET', `${path}/new?after=${cursor}&limit=${changesAtOnce}`);
      if (body.version < cursor) {
        // The server's numbers went back: its database was restored from a backup.
        await load(body.version);
        return;
      }
      loaded.merge(body.messages);
      cursor = body.version;
      hasMore = body.hasMore;
      changed.emit();
    }
  }

  async function loadOlder() {
    if (isLoadingOlder || cursor === null || !loaded.hasOlder()) {
      return;
    }
    isLoadingOlder = true;
    olderError = null;
    changed.emit();
    const loadsBefore = loads;
    try {
      const before = loaded.oldestSeq();
      const { body } = await request('GET', `${path}/history?before=${before}&limit=${pageSize}`);
      // The page must meet the window that it was asked for: neither reloaded nor trimmed meanwhile.
      if (loads === loadsBefore && loaded.oldestSeq() === before) {
        loaded.addOlder(body.messages, body.hasMore);
      }
    } catch (failure) {
      olderError = failure;
      if (!(failure instanceof RequestError)) {
        throw failure;
      }
    } finally {
      isLoadingOlder = false;
      changed.emit();
    }
  }

  // The cursor stays: the same message comes again among the changes, and is nothing new then.
  function accept(message) {
    if (cursor !== null) {
      loaded.merge([message]);
      changed.emit();
    }
  }

  async function edit(seq, text) {
    const { body } = await request('PATCH', `${path}/${seq}`, { body: { text } });
    accept(body);
  }

  async function recall(seq) {
    await request('DELETE', `${path}/${seq}`);
  }

  function keepLatest(count) {
    loaded.keepLatest(count);
  }

  function setError(next) {
    if (error !== next) {
      error = next;
      changed.emit();
    }
  }

  return {
    id,
    changed,
    follow,
    loadOlder,
    accept,
    edit,
    recall,
    keepLatest,
    list: loaded.list,
    find: loaded.find,
    newestSeq: loaded.newestSeq,
    hasOlder: loaded.hasOlder,
    isReady: () => cursor !== null,
    version: () => cursor,
    isLoadingOlder: () => isLoadingOlder,
    error: () => error,
    olderError: () => olderError,
  };
}
