import { createEvent } from '../js/shell/event.js';
import { createOutbox } from '../js/outbox/outbox.js';
import {
  answerOf,
  createFakeHub,
  createFakePictures,
  createFakeStorage,
  createFakeTimers,
  createHeldRequest,
  failure,
  settled,
} from './fakes.js';

// A browser with its storage, and tabs in it that each have an outbox.
export function createOutboxWorld() {
  const timers = createFakeTimers();
  const storage = createFakeStorage();
  const pictures = createFakePictures();
  const hub = createFakeHub();
  const released = [];
  let ids = 0;

  function createTab({ leads = true, username = 'alice', storage: itsStorage = storage } = {}) {
    const held = createHeldRequest();
    const tab = { calls: held.calls, uploads: [], leads };
    const leadership = { changed: createEvent(), isLeader: () => tab.leads };
    tab.lead = (isLeader = true) => {
      tab.leads = isLeader;
      leadership.changed.emit(isLeader);
    };
    tab.outbox = createOutbox({
      request: held.request,
      upload: (path, file, options) =>
        new Promise((resolve, reject) => tab.uploads.push({ path, file, resolve, reject, ...options })),
      timers,
      storage: itsStorage,
      pictures,
      previews: { create: (file) => `blob:${file.name}`, release: (address) => released.push(address) },
      leadership,
      channel: hub.open(),
      newId: () => `id-${(ids += 1)}`,
      random: () => 0,
    });
    tab.outbox.start(username);
    return tab;
  }

  return { timers, storage, pictures, released, createTab };
}

// A tab hears of every change of the storage but its own.
export function tell(outbox) {
  outbox.onStored(null);
}

export async function accept(call) {
  call.resolve(answerOf({ clientId: call.body.clientId }, { status: 201 }));
  await settled();
}

export async function refuse(call, ...reason) {
  call.reject(failure(...reason));
  await settled();
}
