import { RequestError } from './request.js';
import { pathOfConversation } from './route.js';

const retryDelaysMs = [1000, 2000, 4000, 8000];

// Sends what waits. An item keeps its clientId through every attempt, so that the server can tell a retry from a
// second message: whichever tab sends it, and however often, it arrives once.
export function createOutboxSender(office) {
  const { request, upload, timers, pictures } = office;
  const lanes = new Map();

  // One item at a time in a conversation, so that messages arrive in the order in which they were written.
  async function work(conversation) {
    if (lanes.has(conversation)) {
      return;
    }
    const lane = { tries: 0, endPause: () => {} };
    lanes.set(conversation, lane);
    try {
      let item = office.nextIn(conversation);
      while (item && office.maySend(item) && (await attempt(item, lane))) {
        item = office.nextIn(conversation);
      }
    } finally {
      lanes.delete(conversation);
    }
  }

  // A try that began before the connection was back counts no more than the pause after it.
  function wake() {
    lanes.forEach((lane) => {
      lane.tries = 0;
      lane.endPause();
    });
  }

  // Answers whether the lane may go on: not after the sign-in has ended, nor when another tab leads.
  async function attempt(item, lane) {
    lane.tries = 0;
    while (office.isWaiting(item) && office.maySend(item)) {
      try {
        office.onSent(item, await send(item));
        return true;
      } catch (error) {
        if (!(error instanceof RequestError)) {
          throw error;
        }
        if (!(await mayRepeat(item, lane, error))) {
          return !office.isWaiting(item) || item.status === 'failed';
        }
      }
    }
    return true;
  }

  async function mayRepeat(item, lane, error) {
    if (!office.isWaiting(item) || error.code === 'aborted' || error.code === 'account.signInRequired') {
      return false;
    }
    if (!error.isPassing || lane.tries >= retryDelaysMs.length) {
      office.onFailed(item, error);
      return false;
    }
    const delayMs = Math.max(retryDelaysMs[lane.tries], (error.retryAfter ?? 0) * 1000);
    lane.tries += 1;
    await pause(lane, item.abort.signal, delayMs);
    return !item.abort.signal.aborted;
  }

  function pause(lane, signal, delayMs) {
    return new Promise((resolve) => {
      const timer = timers.setTimeout(resolve, delayMs);
      lane.endPause = () => {
        timers.clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', lane.endPause, { once: true });
    });
  }

  async function send(item) {
    item.abort = new AbortController();
    const { signal } = item.abort;
    if (item.hasPicture && !item.imageId) {
      await uploadPicture(item, signal);
    }
    const { clientId, text, imageId } = item;
    const content = imageId ? { imageId, ...(text ? { text } : {}) } : { text };
    const path = `${pathOfConversation(item.conversation)}/messages`;
    const { body } = await request('POST', path, { body: { clientId, ...content }, signal });
    return body;
  }

  async function uploadPicture(item, signal) {
    const file = item.file ?? (await pictures.get(item.clientId));
    if (!file) {
      throw new RequestError({ code: 'outbox.pictureLost' });
    }
    const onProgress = (progress) => office.onProgress(item, progress);
    const image = await upload('/api/images', file, { signal, onProgress });
    item.imageId = image.id;
    office.onUploaded(item);
  }

  return { work, wake };
}
