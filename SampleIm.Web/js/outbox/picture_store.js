const databaseName = 'sampleim';
const storeName = 'pictures';
const longestKeptMs = 24 * 60 * 60 * 1000;

// Pictures on their way, by clientId; the browser's text storage is too small for them.
export function createPictureStore(openFactory) {
  let opening = null;

  async function put(id, file) {
    try {
      await run('readwrite', (pictures) => pictures.put({ file, keptAt: Date.now() }, id));
      return true;
    } catch {
      return false;
    }
  }

  async function get(id) {
    const entry = await run('readonly', (pictures) => pictures.get(id)).catch(() => null);
    return entry?.file instanceof Blob ? entry.file : null;
  }

  async function remove(id) {
    await run('readwrite', (pictures) => pictures.delete(id)).catch(() => {});
  }

  // A tab that ended in the middle of its work may leave pictures that no message wants. A young one may belong to a
  // message that is only just being written down.
  async function sweep(isWanted) {
    const ids = await run('readonly', (pictures) => pictures.getAllKeys()).catch(() => []);
    const entries = await run('readonly', (pictures) => pictures.getAll()).catch(() => []);
    const oldest = Date.now() - longestKeptMs;
    const old = ids.filter((_, index) => entries[index]?.keptAt < oldest);
    await Promise.all(old.filter((id) => !isWanted(id)).map(remove));
  }

  async function run(mode, action) {
    opening ??= open(openFactory());
    const database = await opening;
    return resultOf(action(database.transaction(storeName, mode).objectStore(storeName)));
  }

  return { put, get, remove, sweep };
}

function open(factory) {
  const asked = factory.open(databaseName, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(storeName);
  return resultOf(asked);
}

function resultOf(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
