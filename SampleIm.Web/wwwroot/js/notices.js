import { createEvent } from './event.js';

// What is worth a sound or a notification: a message that is still unread at the poll after the one that brought it.
// Until then another tab or device that has it in view has moved the read cursor on the server, which decides.
export function createNotices({ conversations, isLeader }) {
  const announced = createEvent();
  const heardSeqs = new Map();
  let isListening = false;
  let waiting = [];

  // Called after every answered poll, also when nothing changed.
  function follow() {
    const list = conversations.list();
    const due = list.filter(({ id, unread }) => waiting.includes(id) && unread > 0);
    waiting = isListening ? list.filter(isNews).map(({ id }) => id) : [];
    list.forEach(({ id, lastSeq }) => heardSeqs.set(id, lastSeq));
    isListening = true;
    if (due.length > 0 && isLeader()) {
      announced.emit(due);
    }
  }

  function isNews({ id, lastSeq, unread }) {
    return unread > 0 && lastSeq > (heardSeqs.get(id) ?? 0);
  }

  function reset() {
    heardSeqs.clear();
    waiting = [];
    isListening = false;
  }

  return { announced, follow, reset };
}
