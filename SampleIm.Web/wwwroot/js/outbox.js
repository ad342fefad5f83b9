import { createEvent } from './event.js';
import { RequestError } from './request.js';
import { pathOfConversation } from './route.js';

const retryDelaysMs = [1000, 2000, 4000, 8000];

// Messages on their way. An item keeps its clientId through every attempt, so that the server can tell a retry
// from a second message. Texts are kept in the browser's storage, one key an item, until the server has them.
export function createOutbox({ request, upload, timers, storage, previews, newId }) {
  const changed = createEvent();
  const progressed = createEvent();
  const sent = createEvent();
  const busyLanes = new Set();
  let items = [];
  let username = null;

  function start(owner) {
    if (username !== owner) {
      username = owner;
      items = storedItems();
    }
    resume();
    changed.emit();
  }

  // Items stay as they are: whoever signs in again under the same name goes on with them.
  function pause() {
    items.forEach((item) => item.abort?.abort());
  }

  function clear() {
    pause();
    items.forEach(forget);
    items = [];
    username = null;
    changed.emit();
  }

  function add({ conversation, text, file = null, preview = null }) {
    const item = {
      clientId: newId(),
      conversation,
      text,
      file,
      preview,
      imageId: null,
      sentAt: new Date().toISOString(),
      status: 'sending',
      progress: 0,
      error: null,
    };
    items = [...items, item];
    store(item);
    changed.emit();
    work(conversation);
  }

  function retry(clientId) {
    const item = find(clientId);
    if (item?.status === 'failed') {
      restart(item);
      changed.emit();
      work(item.conversation);
    }
  }

  function discard(clientId) {
    const item = find(clientId);
    if (item) {
      item.abort?.abort();
      drop(item);
      changed.emit();
    }
  }

  // The connection is back: what failed only for want of it goes out again.
  function resume() {
    items.filter((item) => item.status === 'failed' && item.error?.isPassing).forEach(restart);
    new Set(items.map((item) => item.conversation)).forEach(work);
  }

  function restart(item) {
    item.status = 'sending';
    item.error = null;
  }

  // One item at a time in a conversation, so that messages arrive in the order in which they were written.
  async function work(conversation) {
    if (busyLanes.has(conversation)) {
      return;
    }
    busyLanes.add(conversation);
    try {
      let item = nextOf(conversation);
      while (item && (await attempt(item))) {
        item = nextOf(conversation);
      }
    } finally {
      busyLanes.delete(conversation);
    }
  }

  function nextOf(conversation) {
    return items.find((item) => item.conversation === conversation && item.status === 'sending');
  }

  // Answers whether the lane may go on: not after the sign-in has ended.
  async function attempt(item) {
    for (let tries = 0; items.includes(item); tries += 1) {
      try {
        const message = await send(item);
        drop(item);
        sent.emit(item.conversation, message);
        changed.emit();
        return true;
      } catch (error) {
        if (!(error instanceof RequestError)) {
          throw error;
        }
        if (error.code === 'account.signInRequired') {
          return false;
        }
        if (error.code === 'aborted') {
          return !items.includes(item);
        }
        if (!error.isPassing || tries >= retryDelaysMs.length) {
          fail(item, error);
          return true;
        }
        await pauseFor(Math.max(retryDelaysMs[tries], (error.retryAfter ?? 0) * 1000));
      }
    }
    return true;
  }

  async function send(item) {
    item.abort = new AbortController();
    const { signal } = item.abort;
    if (item.file && !item.imageId) {
      const image = await upload('/api/images', item.file, {
        signal,
        onProgress: (progress) => progressed.emit(Object.assign(item, { progress })),
      });
      item.imageId = image.id;
    }
    const { clientId, text, imageId } = item;
    const content = imageId ? { imageId, ...(text ? { text } : {}) } : { text };
    const path = `${pathOfConversation(item.conversation)}/messages`;
    const { body } = await request('POST', path, { body: { clientId, ...content }, signal });
    return body;
  }

  function fail(item, error) {
    item.status = 'failed';
    item.error = error;
    changed.emit();
  }

  function pauseFor(delayMs) {
    return new Promise((resolve) => {
      timers.setTimeout(resolve, delayMs);
    });
  }

  function find(clientId) {
    return items.find((item) => item.clientId === clientId);
  }

  function drop(item) {
    items = items.filter((other) => other !== item);
    forget(item);
    if (item.preview) {
      previews.release(item.preview);
    }
  }

  function keyOf(item) {
    return `sampleim.outbox.${username}.${item.clientId}`;
  }

  function store(item) {
    // A picture's bytes do not fit the browser's text storage.
    if (!item.file) {
      const { clientId, conversation, text, sentAt } = item;
      storage.set(keyOf(item), JSON.stringify({ clientId, conversation, text, sentAt }));
    }
  }

  function forget(item) {
    storage.remove(keyOf(item));
  }

  function storedItems() {
    return storage
      .keys(`sampleim.outbox.${username}.`)
      .map((key) => JSON.parse(storage.get(key)))
      .map((item) => ({ ...item, file: null, preview: null, imageId: null, status: 'sending', error: null }))
      .sort((a, b) => a.sentAt.localeCompare(b.sentAt));
  }

  return {
    changed,
    progressed,
    sent,
    start,
    pause,
    clear,
    add,
    retry,
    discard,
    resume,
    isEmpty: () => items.length === 0,
    list: (conversation) => items.filter((item) => item.conversation === conversation),
  };
}
