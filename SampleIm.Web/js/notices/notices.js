import { createEvent } from '../shell/event.js';

// What is worth a sound or a notification: a message that is still unread at the poll after the one that brought it, in a
// conversation that nobody looks at. Until then another device that has it in view has moved the read cursor on the server;
// the tabs of this browser tell each other at every poll what is in view, so that no slow answer makes them noisy.
export function createNotices({ conversations, isLeader, channel, inView }) {
  const announced = createEvent();
  const heard = new Map();
  const viewed = new Set();
  let isListening = false;
  // By conversation what was unread in it before its news came.
  let waiting = new Map();

  // Called after every answered poll, also when nothing changed.
  function follow() {
    tellView();
    const list = conversations.list();
    const due = list.filter(
      (talk) => waiting.has(talk.id) && isUnread(talk, waiting.get(talk.id)) && !viewed.has(talk.id),
    );
    const news = isListening ? list.filter(isNews) : [];
    waiting = new Map(news.map(({ id }) => [id, heard.get(id)?.unread ?? 0]));
    list.forEach(({ id, lastSeq, unread }) => heard.set(id, { lastSeq, unread }));
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

  function isNews(talk) {
    const before = heard.get(talk.id);
    return talk.lastSeq > (before?.lastSeq ?? 0) && isUnread(talk, before?.unread ?? 0);
  }

  function reset() {
    heard.clear();
    viewed.clear();
    waiting.clear();
    isListening = false;
  }

  channel.received.on(({ kind, conversation }) => {
    if (kind === 'view') {
      viewed.add(conversation);
    }
  });

  return { announced, follow, reset };
}

// What came may be recalled already: then the rest must have grown as well.
function isUnread({ unread, lastMessage }, unreadBefore) {
  return unread > (lastMessage?.kind === 'recalled' ? unreadBefore : 0);
}
