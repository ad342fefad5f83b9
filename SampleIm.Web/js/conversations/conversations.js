import { createEvent } from '../shell/event.js';
import { pathOfConversation } from '../shell/route.js';

const aConversation = { 200: { id: 'lobby', kind: 'room', lastSeq: 1, version: 1, readSeq: 1, unread: 1 } };

// The conversations of the last answer of the poll, and the one that is open.
export function createConversations({ request }) {
  const changed = createEvent();
  let listed = [];
  // A direct talk is listed by the server once it has a message; until then it is known here only.
  let unlisted = null;
  let openId = null;
  let openings = 0;
  const readById = new Map();

  function accept(total) {
    listed = total.conversations;
    changed.emit();
  }

  // Answers the conversation under the name that the server gives it (`@Bob` becomes `@bob`),
  // or null when another one was opened while this one was asked for, whatever became of the question.
  async function open(id) {
    openings += 1;
    const mine = openings;
    const known = find(id) ?? (await fetchOne(id, () => mine === openings));
    if (mine !== openings) {
      return null;
    }
    openId = known.id;
    changed.emit();
    return known;
  }

  function close() {
    openings += 1;
    openId = null;
    changed.emit();
  }

  async function fetchOne(id, isWanted) {
    try {
      const { body } = await request('GET', pathOfConversation(id), { expects: aConversation });
      if (isWanted() && !listed.some((conversation) => conversation.id === body.id)) {
        unlisted = body;
      }
      return body;
    } catch (error) {
      if (isWanted()) {
        throw error;
      }
      return null;
    }
  }

  function find(id) {
    return list().find((conversation) => conversation.id === id) ?? null;
  }

  function list() {
    const isShown = unlisted && unlisted.id === openId && !listed.some(({ id }) => id === unlisted.id);
    return (isShown ? [unlisted, ...listed] : listed).map(withLocalCursor);
  }

  // The server's answer lags behind what this page has just read; the badge does not. What was recalled is not among the
  // server's unread ones, so reading past it makes them no fewer.
  function withLocalCursor(conversation) {
    const read = readById.get(conversation.id);
    if (!read || read.seq <= conversation.readSeq) {
      return conversation;
    }
    const recalled = read.recalledSeqs.filter((seq) => seq > conversation.readSeq && seq <= read.seq).length;
    const unread = conversation.unread - (read.seq - conversation.readSeq - recalled);
    const most = conversation.lastSeq - read.seq;
    return { ...conversation, readSeq: read.seq, unread: Math.max(0, Math.min(unread, most)) };
  }

  // `recalledSeqs` are the numbers of recalled messages among those that were read.
  function markRead(id, seq, recalledSeqs = []) {
    if (seq > (readById.get(id)?.seq ?? 0)) {
      readById.set(id, { seq, recalledSeqs });
      changed.emit();
    }
  }

  function reset() {
    listed = [];
    unlisted = null;
    openings += 1;
    openId = null;
    readById.clear();
    changed.emit();
  }

  return {
    changed,
    accept,
    open,
    close,
    markRead,
    reset,
    find,
    list,
    openId: () => openId,
    unread: () => list().reduce((sum, conversation) => sum + conversation.unread, 0),
  };
}
