import { RequestError } from './request.js';
import { pathOfConversation } from './route.js';

const retryDelaysMs = [1000, 2000, 4000, 8000];

// Sends what waits. An item keeps its clientId through every attempt, so that the server can tell a retry from a
// second message: whichever tab sends it, and however often, it arrives once.
export function createOutboxSender(office) {
  const { request, upload, timers, pictures } = office;
  const busyLanes = new Set();

  // One item at a time in a conversation, so that messages arrive in the order in which they were written.
  async function work(conversation) {
    if (busyLanes.has(conversation)) {
      return;
    }
    busyLanes.add(conversation);
    try {
      let item = office.nextIn(conversation);
      while (item && office.maySend(item) && (await attempt(item))) {
        item = office.nextIn(conversation);
      }
    } finally {
      busyLanes.delete(conversation);
    }
  }

  // Answers whether the lane may go on: not after the sign-in has ended.
  async function attempt(item) {
    for (let tries = 0; office.isWaiting(item) && office.maySend(item); tries += 1) {
      try {
        office.onSent(item, await send(item));
        return true;
      } catch (error) {
        if (!(error instanceof RequestError)) {
          throw error;
        }
        if (error.code === 'account.signInRequired') {
          return false;
        }
        if (error.code === 'aborted') {
          return !office.isWaiting(item);
        }
        if (!error.isPassing || tries >= retryDelaysMs.length) {
          office.onFailed(item, error);
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

  function pauseFor(delayMs) {
    return new Promise((resolve) => {
      timers.setTimeout(resolve, delayMs);
    });
  }

  return { work };
}
