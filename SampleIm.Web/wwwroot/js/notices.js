import { createEvent } from './event.js';

// What is worth a sound or a notification: a message that is still unread at the poll after the one that brought it, in a
// conversation that nobody looks at. Until then another device that has it in view has moved the read cursor on the server;
// the tabs of this browser tell each other at every poll what is in view, so that no slow answer makes them noisy.
export function createNotices({ conversations, isLeader, channel, inView }) {
  const announced = createEvent();
  const heardSeqs = new Map();
  const viewed = new Set();
  let isListening = false;
  let waiting = [];

  // Called after every answered poll, also when nothing changed.
  function follow() {
    tellView();
    const list = conversations.list();
    const due = list.filter(({ id, unread }) => waiting.includes(id) && unread > 0 && !viewed.has(id));
    waiting = isListening ? list.filter(isNews).map(({ id }) => id) : [];
    list.forEach(({ id, lastSeq }) => heardSeqs.set(id, lastSeq));
    isListening = true;
    viewed.clear();
    if (due.length > 0 && isLeader()) {
      announced.emit(due);
    }
  }

  function tellView() {
    const id = inView();
    if (id !== null) {
      viewed.add(id);
      channel.post({ kind: 'view', conversation: id });
    }
  }

  function isNews({ id, lastSeq, unread }) {
    return unread > 0 && lastSeq > (heardSeqs.get(id) ?? 0);
  }

  function reset() {
    heardSeqs.clear();
    viewed.clear();
    waiting = [];
    isListening = false;
  }

  channel.received.on(({ kind, conversation }) => {
    if (kind === 'view') {
      viewed.add(conversation);
    }
  });

  return { announced, follow, reset };
}
