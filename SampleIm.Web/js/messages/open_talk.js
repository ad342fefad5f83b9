import { createEvent } from '../shell/event.js';
import { createMessages } from './messages.js';

const keptTalks = 10;
// With more than this unread one begins where one left off, and not at the end.
const longestCatchUp = 75;

// The conversation in view with its messages. The last few stay in memory, so that going back shows them at once.
export function createOpenTalk({ request, conversations, timers, random }) {
  const changed = createEvent();
  const updated = createEvent();
  const kept = new Map();
  let current = null;

  function open({ id, unread, readSeq }) {
    const messages = keptFor(id, unread) ?? createAndWatch(id);
    kept.delete(id);
    kept.set(id, messages);
    if (kept.size > keptTalks) {
      kept.delete(kept.keys().next().value);
    }
    current = { id, messages, unreadAfter: unread > 0 ? readSeq : null };
    changed.emit();
    follow();
  }

  // What was left in the middle begins again: its reader may have gone on elsewhere.
  function keptFor(id, unread) {
    const messages = kept.get(id);
    return unread > longestCatchUp || messages?.hasNewer() ? null : messages;
  }

  function createAndWatch(id) {
    const messages = createMessages({ id, request, timers, random });
    messages.changed.on(() => {
      if (current?.messages === messages) {
        updated.emit();
      }
    });
    return messages;
  }

  function close() {
    current = null;
    changed.emit();
  }

  // Called after every answered poll, also when nothing changed: what failed before is then tried again.
  function follow() {
    const head = current && conversations.find(current.id);
    const error = current?.messages.error();
    if (head && (!error || error.isPassing)) {
      current.messages.follow(head.version, { unreadAfter: current.unreadAfter, lastSeq: head.lastSeq });
    }
  }

  function accept(conversation, message) {
    kept.get(conversation)?.accept(message);
  }

  // What comes while the reader is away stands below a line when they are back.
  function leave() {
    const head = current && conversations.find(current.id);
    if (head) {
      current.unreadAfter = head.readSeq;
    }
  }

  function comeBack() {
    if (current && current.messages.latestSeq() <= (current.unreadAfter ?? 0)) {
      current.unreadAfter = null;
    }
  }

  // Of what is loaded: what is read has been in sight.
  function recalledSeqs(id) {
    const messages = kept.get(id)?.list() ?? [];
    return messages.filter(({ recalledAt }) => recalledAt).map(({ seq }) => seq);
  }

  function reset() {
    kept.clear();
    close();
  }

  return {
    changed,
    updated,
    open,
    close,
    follow,
    accept,
    leave,
    comeBack,
    recalledSeqs,
    reset,
    current: () => current,
  };
}
