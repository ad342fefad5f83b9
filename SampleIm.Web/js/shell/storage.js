// A browser may refuse its storage altogether (private mode, a full disk): then nothing is remembered, and all else works.
export function createStorage(backing) {
  return {
    get: (key) => attempt(() => backing().getItem(key)) ?? null,
    // Answers whether it will be there later.
    set: (key, value) => attempt(() => backing().setItem(key, value) === undefined) ?? false,
    remove: (key) => attempt(() => backing().removeItem(key)),
    keys: (prefix) => attempt(() => Object.keys(backing()).filter((key) => key.startsWith(prefix))) ?? [],
  };
}

function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
