import { RequestError } from '../session/answer.js';
import { createRest } from '../session/back_off.js';
import { createEvent } from '../shell/event.js';
import { createMessagePages, historyPage } from './message_pages.js';
import { createMessageWindow } from './message_window.js';
import { pathOfConversation } from '../shell/route.js';

const usualPage = 50;
const largestPage = 100;
// What one has read already, above the line where the new begins.
const readBeforeLine = 25;
const changesAtOnce = 200;
// Somebody who was away for longer starts from a page instead of reading every change.
const longestCatchUp = 400;
const changesPage = { 200: { messages: [], version: 1, hasMore: false } };
const changedMessage = { 200: { seq: 1, version: 1, sender: {} } };

// The messages of one conversation. `cursor` is the version up to which every change is in the window.
export function createMessages({ id, request, timers, random }) {
  const changed = createEvent();
  const path = `${pathOfConversation(id)}/messages`;
  const loaded = createMessageWindow();
  const rest = createRest({ timers, random });
  const pages = createMessagePages({ path, request, loaded, rest, onChanged: changed.emit });
  let cursor = null;
  let wanted = null;
  let isFollowing = false;
  let error = null;

  // Brings the window up to the version that the poll has shown; called again while busy, it goes on with the newest.
  // Where it has to begin, it begins behind `unreadAfter`, the last message that was read, if the end is far from there.
  async function follow(version, { unreadAfter = null, lastSeq = 0 } = {}) {
    wanted = { version, unreadAfter, lastSeq };
    if (isFollowing || rest.isOn()) {
      return;
    }
    pages.retry();
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
      rest.begin(failure);
      setError(failure);
    } finally {
      isFollowing = false;
    }
  }

  async function reach(target) {
    if (cursor === null || target.version - cursor > longestCatchUp) {
      await load(target);
    } else if (target.version !== cursor) {
      await catchUp();
    }
  }

  // The version was known before the page was asked for: what changes in between comes again with the next changes.
  async function load({ version, unreadAfter, lastSeq }) {
    const unread = unreadAfter === null ? 0 : lastSeq - unreadAfter;
    const isFar = unread + readBeforeLine > largestPage;
    const query = isFar
      ? `before=${unreadAfter + 1 + largestPage - readBeforeLine}&limit=${largestPage}`
      : `limit=${Math.max(usualPage, unread + readBeforeLine)}`;
    const { body } = await request('GET', `${path}/history?${query}`, { expects: historyPage });
    if (!isFar && missesUnread(body, { unreadAfter, lastSeq })) {
      await load({ version, unreadAfter, lastSeq: body.messages.at(-1).seq });
      return;
    }
    loaded.replace(body.messages, body.hasMore, isFar ? lastSeq : 0);
    cursor = version;
    changed.emit();
  }

  async function catchUp() {
    let hasMore = true;
    while (hasMore) {
      const next = `${path}/new?after=${cursor}&limit=${changesAtOnce}`;
      const { body } = await request('GET', next, { expects: changesPage });
      if (body.version < cursor) {
        // The server's numbers went back: its database was restored from a backup.
        await load({ version: body.version, unreadAfter: null });
        return;
      }
      merge(body.messages);
      cursor = body.version;
      hasMore = body.hasMore;
      changed.emit();
    }
  }

  function merge(changes) {
    loaded.merge(changes);
    pages.note(changes);
  }

  // The cursor stays: the same message comes again among the changes, and is nothing new then.
  function accept(message) {
    if (cursor !== null) {
      merge([message]);
      changed.emit();
    }
  }

  async function edit(seq, text) {
    const { body } = await request('PATCH', `${path}/${seq}`, { expects: changedMessage, body: { text } });
    accept(body);
  }

  async function recall(seq) {
    await request('DELETE', `${path}/${seq}`, { expects: { 204: null } });
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
    accept,
    edit,
    recall,
    loadOlder: pages.loadOlder,
    loadNewer: pages.loadNewer,
    toLatest: pages.toLatest,
    isLoadingOlder: pages.isLoadingOlder,
    olderError: pages.olderError,
    newerError: pages.newerError,
    keepLatest: loaded.keepLatest,
    list: loaded.list,
    find: loaded.find,
    newestSeq: loaded.newestSeq,
    latestSeq: loaded.latestSeq,
    hasOlder: loaded.hasOlder,
    hasNewer: loaded.hasNewer,
    isReady: () => cursor !== null,
    version: () => cursor,
    error: () => error,
  };
}

// More has come since the poll than the page holds, so that it begins behind the first unread one. A page that begins there
// and brings nothing later would be the same when asked for again.
function missesUnread({ messages, hasMore }, { unreadAfter, lastSeq }) {
  return (
    unreadAfter !== null && hasMore && messages[0].seq > unreadAfter + 1 && messages.at(-1).seq > lastSeq
  );
}
