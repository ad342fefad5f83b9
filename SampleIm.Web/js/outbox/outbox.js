import { now } from '../text/clock.js';
import { createEvent } from '../shell/event.js';
import { itemOf, needsNewId, recordOf, stop } from './outbox_item.js';
import { createOutboxSender } from './outbox_sender.js';
import { createOutboxStore } from './outbox_store.js';

// Messages on their way. Every tab shows them all; the leading one sends them. An item that the browser would not
// keep is known to its own tab only, which then sends it itself.
export function createOutbox({
  request,
  upload,
  timers,
  storage,
  pictures,
  previews,
  leadership,
  channel,
  newId,
  random,
}) {
  const changed = createEvent();
  const progressed = createEvent();
  const sent = createEvent();
  const store = createOutboxStore({ storage });
  let items = [];
  let username = null;
  let lastSentAt = 0;
  const sender = createOutboxSender({
    request,
    upload,
    timers,
    pictures,
    random,
    maySend,
    nextIn,
    isWaiting: (item) => items.includes(item),
    onUploaded: keepRecord,
    onSent,
    onDelayed,
    onFailed,
    onProgress,
  });

  function start(owner) {
    if (username !== owner) {
      username = owner;
      items = [];
      store.start(owner);
      pictures.sweep(store.holds);
    }
    sync();
    resume();
  }

  // Items stay as they are: anyone who signs in again under the same name goes on with them.
  function pause() {
    items.forEach(stop);
  }

  function leaveToLeader() {
    items.filter(({ home }) => home === 'storage').forEach(stop);
  }

  function clear() {
    items.forEach(drop);
    username = null;
    changed.emit();
  }

  function add({ conversation, text, file = null, preview = null }) {
    const words = { clientId: newId(), conversation, text, sentAt: nextMoment() };
    const item = itemOf(recordOf({ ...words, hasPicture: file !== null }));
    Object.assign(item, { file, preview, home: 'onTheWay' });
    items = [...items, item];
    changed.emit();
    keep(item);
  }

  // Later than any that waits, also where the clock was set back, so that the order survives in the storage.
  function nextMoment() {
    const latest = Math.max(...items.map(({ sentAt }) => Date.parse(sentAt)), lastSentAt);
    lastSentAt = Math.max(now().getTime(), latest + 1);
    return new Date(lastSentAt).toISOString();
  }

  async function keep(item) {
    const isPictureKept = !item.file || (await pictures.put(item.clientId, item.file));
    if (!items.includes(item)) {
      pictures.remove(item.clientId);
      return;
    }
    item.home = isPictureKept && store.write(item) ? 'storage' : 'tab';
    sender.work(item.conversation);
  }

  function keepRecord(item) {
    if (item.home === 'storage') {
      store.write(item);
    }
  }

  function maySend(item) {
    return item.home === 'tab' || (item.home === 'storage' && leadership.isLeader());
  }

  // What cannot go just now holds back all behind it: else these would arrive first.
  function nextIn(conversation) {
    return items.find((item) => item.conversation === conversation && item.status === 'sending');
  }

  async function retry(clientId) {
    const item = find(clientId);
    if (item?.status === 'failed') {
      if (needsNewId(item)) {
        await rename(item, newId());
      }
      // It may have been discarded meanwhile, or begun by another press of the button.
      if (!items.includes(item) || item.status !== 'failed') {
        return;
      }
      restart(item);
      changed.emit();
      sender.work(item.conversation);
    } else if (item) {
      sender.hurry(item.conversation);
      channel.post({ kind: 'hurry', username, conversation: item.conversation });
    }
  }

  function discard(clientId) {
    const item = find(clientId);
    if (item) {
      drop(item);
      changed.emit();
      sender.work(item.conversation);
    }
  }

  function resume() {
    sender.wake();
    workAll();
  }

  // The picture is there under both names for a moment, the record never under two.
  async function rename(item, clientId) {
    const earlier = item.clientId;
    const isPictureThere = item.hasPicture ? await copyPicture(item, clientId) : true;
    if (find(earlier) !== item) {
      pictures.remove(clientId);
      return;
    }
    item.clientId = clientId;
    store.remove(earlier);
    pictures.remove(earlier);
    if (item.home === 'storage' && !(isPictureThere && store.write(item))) {
      item.home = 'tab';
    }
  }

  async function copyPicture(item, clientId) {
    item.file ??= await pictures.get(item.clientId);
    const isKept = item.file !== null && (await pictures.put(clientId, item.file));
    return isKept || item.imageId !== null;
  }

  function restart(item) {
    // The server forgets uploads that are not sent: then the picture goes up again.
    const imageId = item.error?.code === 'image.unknown' ? null : item.imageId;
    Object.assign(item, { status: 'sending', error: null, imageId });
    keepRecord(item);
  }

  function workAll() {
    new Set(items.map(({ conversation }) => conversation)).forEach(sender.work);
  }

  function onProgress(item, progress) {
    item.progress = progress;
    channel.post({ kind: 'progress', username, clientId: item.clientId, progress });
    progressed.emit(item);
  }

  function onSent(item, message) {
    channel.post({ kind: 'sent', username, conversation: item.conversation, message });
    drop(item);
    sent.emit(item.conversation, message);
    changed.emit();
  }

  // Still on its way; the reason is for the reader.
  function onDelayed(item, error) {
    const isNews = item.error?.code !== error.code;
    item.error = error;
    if (isNews) {
      keepRecord(item);
      changed.emit();
    }
  }

  function onFailed(item, error) {
    Object.assign(item, { status: 'failed', error });
    keepRecord(item);
    changed.emit();
  }

  function drop(item) {
    release(item);
    store.remove(item.clientId);
    if (item.hasPicture) {
      pictures.remove(item.clientId);
    }
  }

  function release(item) {
    items = items.filter((other) => other !== item);
    stop(item);
    if (item.preview) {
      previews.release(item.preview);
    }
  }

  // Another tab has written, or this one begins.
  function sync() {
    const records = store.read();
    const kept = new Set(records.map(({ clientId }) => clientId));
    items.filter(({ home, clientId }) => home === 'storage' && !kept.has(clientId)).forEach(release);
    records.forEach(take);
    items.sort((a, b) => a.sentAt.localeCompare(b.sentAt));
    workAll();
    changed.emit();
  }

  function take(record) {
    const held = find(record.clientId);
    if (held) {
      Object.assign(held, record);
      return;
    }
    const item = itemOf(record);
    items = [...items, item];
    if (item.hasPicture) {
      showPicture(item);
    }
  }

  async function showPicture(item) {
    const file = await pictures.get(item.clientId);
    if (file && items.includes(item)) {
      Object.assign(item, { file, preview: previews.create(file) });
      changed.emit();
    }
  }

  function find(clientId) {
    return items.find((item) => item.clientId === clientId);
  }

  function hear(message) {
    if (message.username !== username) {
      return;
    }
    if (message.kind === 'sent') {
      sent.emit(message.conversation, message.message);
    } else if (message.kind === 'hurry') {
      sender.hurry(message.conversation);
    } else if (message.kind === 'progress' && find(message.clientId)) {
      progressed.emit(Object.assign(find(message.clientId), { progress: message.progress }));
    }
  }

  leadership.changed.on((isLeader) => (isLeader ? resume() : leaveToLeader()));
  channel.received.on(hear);

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
    onStored: (key) => store.concerns(key) && sync(),
    isEmpty: () => items.length === 0,
    list: (conversation) => items.filter((item) => item.conversation === conversation),
  };
}
