// A clock that is less wrong than this is taken as it is: the server tells whole seconds, and an answer takes its time.
const tolerableMs = 60_000;
let aheadMs = 0;

// The times of messages are the server's. Where the clock of this machine is hours off, "Today" has to be the server's as well,
// or what was said just now would stand under "Yesterday".
export function hearServerTime(dateText) {
  const serverMs = Date.parse(dateText ?? '');
  if (Number.isFinite(serverMs)) {
    const skewMs = serverMs - Date.now();
    aheadMs = Math.abs(skewMs) < tolerableMs ? 0 : skewMs;
  }
}

export function now() {
  return new Date(Date.now() + aheadMs);
}
