export function createEvent() {
  const listeners = new Set();

  function on(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  function emit(...values) {
    for (const listener of listeners) {
      listener(...values);
    }
  }

  return { on, emit };
}
