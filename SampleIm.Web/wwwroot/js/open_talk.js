import { createEvent } from './event.js';
import { createMessages } from './messages.js';

const keptTalks = 10;
const usualPage = 50;
const largestPage = 100;

// The conversation in view with its messages. The last few stay in memory, so that going back shows them at once.
export function createOpenTalk({ request, conversations }) {
  const changed = createEvent();
  const updated = createEvent();
  const kept = new Map();
  let current = null;

  function open({ id, unread, readSeq }) {
    const messages = kept.get(id) ?? createAndWatch(id, unread);
    kept.delete(id);
    kept.set(id, messages);
    if (kept.size > keptTalks) {
      kept.delete(kept.keys().next().value);
    }
    current = { id, messages, unreadAfter: unread > 0 ? readSeq : null };
    changed.emit();
    follow();
  }

  // The first page reaches back to where one left off, as far as a page can.
  function createAndWatch(id, unread) {
    const firstPage = Math.min(largestPage, Math.max(usualPage, unread + usualPage / 2));
    const messages = createMessages({ id, request, firstPage });
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
      current.messages.follow(head.version);
    }
  }

  function accept(conversation, message) {
    kept.get(conversation)?.accept(message);
  }

  // What comes while the reader is away stands below a line when he is back.
  function leave() {
    const head = current && conversations.find(current.id);
    if (head) {
      current.unreadAfter = head.readSeq;
    }
  }

  function comeBack() {
    if (current && current.messages.newestSeq() <= (current.unreadAfter ?? 0)) {
      current.unreadAfter = null;
    }
  }

  function reset() {
    kept.clear();
    close();
  }

  return { changed, updated, open, close, follow, accept, leave, comeBack, reset, current: () => current };
}
