import { createEvent } from '../shell/event.js';

export function createPresence() {
  const changed = createEvent();
  let online = [];
  let full = false;

  function accept(total) {
    online = total.online.map((user) => ({ ...user, isMe: user.username === total.me }));
    full = total.onlineFull;
    changed.emit();
  }

  function reset() {
    online = [];
    full = false;
    changed.emit();
  }

  return {
    changed,
    accept,
    reset,
    list: () => online,
    isFull: () => full,
    isOnline: (username) => online.some((user) => user.username === username),
  };
}
