import { now } from '../text/clock.js';
import { needsNewId } from '../outbox/outbox_item.js';

const longestGroupMs = 5 * 60_000;

// What the log shows, top to bottom: day lines, the line before the first unread message, messages, and those on their way.
// Each entry carries a key that stays and a signature that changes when its row must be drawn again.
export function entriesOf({ messages, hasOlder = false, pending, me, unreadAfter, language }) {
  const entries = [];
  // Of what lies above the first one that is loaded only the numbers are known.
  let hasUnreadBegun = unreadAfter === null || (hasOlder && messages[0]?.seq - 1 > unreadAfter);
  const today = now().toDateString();
  let previous = null;
  for (const message of withPending(messages, pending, me)) {
    const startsDay = !previous || dayOf(previous) !== dayOf(message);
    if (startsDay) {
      entries.push(entry(`day:${dayOf(message)}`, 'day', { sentAt: message.sentAt }, [language, today]));
    }
    const isFirstUnread = !hasUnreadBegun && isUnread(message, unreadAfter);
    hasUnreadBegun ||= isFirstUnread;
    const startsUnread = isFirstUnread && message.sender.username !== me.username;
    if (startsUnread) {
      entries.push(entry('unread', 'unread', {}, [language]));
    }
    const startsGroup = startsDay || startsUnread || !belongTogether(previous, message);
    entries.push(messageEntry(message, { me, startsGroup, language }));
    previous = message;
  }
  return entries;
}

// A message on its way goes when it is there as a sent one, whichever of the two answers comes first. One that was refused
// because its number belongs to another message is not that one.
function withPending(messages, pending, me) {
  const arrived = new Set(
    messages.filter(({ sender }) => sender.username === me.username).map(({ clientId }) => clientId),
  );
  const onTheirWay = pending
    .filter((item) => !arrived.has(item.clientId) || needsNewId(item))
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

// What was recalled before it was read is not unread.
function isUnread({ isPending, seq, recalledAt }, unreadAfter) {
  return !isPending && seq > unreadAfter && !recalledAt;
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
