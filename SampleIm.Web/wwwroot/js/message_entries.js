import { now } from './clock.js';

const longestGroupMs = 5 * 60_000;

// What the log shows, top to bottom: day lines, the line before the first unread message, messages, and those on their way.
// Each entry carries a key that stays and a signature that changes when its row must be drawn anew.
export function entriesOf({ messages, hasOlder = false, pending, me, unreadAfter, language }) {
  const entries = [];
  // The message above the first one that is loaded is known by its number.
  const before = hasOlder && messages.length > 0 ? { seq: messages[0].seq - 1 } : null;
  const today = now().toDateString();
  let previous = null;
  for (const message of withoutTwins(messages, pending, me)) {
    const startsDay = !previous || dayOf(previous) !== dayOf(message);
    if (startsDay) {
      entries.push(entry(`day:${dayOf(message)}`, 'day', { sentAt: message.sentAt }, [language, today]));
    }
    const startsUnread = isFirstUnread(message, previous ?? before, unreadAfter, me);
    if (startsUnread) {
      entries.push(entry('unread', 'unread', {}, [language]));
    }
    const startsGroup = startsDay || startsUnread || !belongTogether(previous, message);
    entries.push(messageEntry(message, { me, startsGroup, language }));
    previous = message;
  }
  return entries;
}

// A message on its way goes when its sent twin is there, whichever of the two answers comes first.
function withoutTwins(messages, pending, me) {
  const arrived = new Set(
    messages.filter(({ sender }) => sender.username === me.username).map(({ clientId }) => clientId),
  );
  const onTheirWay = pending
    .filter(({ clientId }) => !arrived.has(clientId))
    .map((item) => ({ ...item, isPending: true, sender: me }));
  return [...messages, ...onTheirWay];
}

function messageEntry(message, { me, startsGroup, language }) {
  const isOwn = message.sender.username === me.username;
  const value = { ...message, isOwn, startsGroup };
  if (message.isPending) {
    const parts = [message.status, message.error?.code, Boolean(message.preview), startsGroup, language];
    return entry(`pending:${message.clientId}`, 'pending', value, parts);
  }
  const parts = [message.version, message.sender.displayName, startsGroup, language];
  return entry(`seq:${message.seq}`, 'message', value, parts);
}

function entry(key, kind, value, parts) {
  return { key, kind, value, signature: parts.join('|') };
}

function isFirstUnread(message, previous, unreadAfter, me) {
  const isUnread = (one) => !one.isPending && one.seq > unreadAfter;
  return (
    unreadAfter !== null &&
    isUnread(message) &&
    message.sender.username !== me.username &&
    !(previous && isUnread(previous))
  );
}

function belongTogether(previous, message) {
  return (
    previous.sender.username === message.sender.username &&
    new Date(message.sentAt) - new Date(previous.sentAt) < longestGroupMs
  );
}

function dayOf(message) {
  const moment = new Date(message.sentAt);
  return `${moment.getFullYear()}-${moment.getMonth() + 1}-${moment.getDate()}`;
}
