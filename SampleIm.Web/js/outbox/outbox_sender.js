import { RequestError } from '../session/answer.js';
import { waitAfter } from '../session/back_off.js';
import { pathOfConversation } from '../shell/route.js';

// A shorter wait is over before anybody has read why.
const shortestToldMs = 2000;
const message = { seq: 1, version: 1, sender: {}, sentAt: '' };
// 200 where it has arrived before.
const sentMessage = { 201: message, 200: message };
const uploadedPicture = { 201: { id: '' } };

// Sends what waits. An item keeps its clientId through every attempt, so that the server can tell a retry from a
// second message: whichever tab sends it, and however often, it arrives once.
export function createOutboxSender(office) {
  const { request, upload, timers, pictures, random } = office;
  const lanes = new Map();

  // One item at a time in a conversation, so that messages arrive in the order in which they were written.
  async function work(conversation) {
    if (lanes.has(conversation)) {
      return;
    }
    const lane = { failures: 0, isAskedToWait: false, endPause: () => {} };
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

  // The connection is back: failures from before count no more. What the server asked for still holds.
  function wake() {
    lanes.forEach((lane) => {
      lane.failures = 0;
      if (!lane.isAskedToWait) {
        lane.endPause();
      }
    });
  }

  function hurry(conversation) {
    lanes.get(conversation)?.endPause();
  }

  // Answers whether the lane may go on: not after the sign-in has ended, nor when another tab leads.
  async function attempt(item, lane) {
    lane.failures = 0;
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
    if (!error.isPassing) {
      office.onFailed(item, error);
      return false;
    }
    lane.failures += 1;
    const waitMs = waitAfter(lane.failures, error, { random });
    if (waitMs >= shortestToldMs) {
      office.onDelayed(item, error);
    }
    lane.isAskedToWait = error.retryAfter !== null;
    await pause(lane, item.abort.signal, waitMs);
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
    const body = { clientId, ...content };
    const answer = await request('POST', path, { expects: sentMessage, body, signal });
    return answer.body;
  }

  async function uploadPicture(item, signal) {
    // What the browser has kept stays as it was chosen; the file itself may be moved or changed.
    const file = (await pictures.get(item.clientId)) ?? item.file;
    if (!file) {
      throw lost();
    }
    const onProgress = (progress) => office.onProgress(item, progress);
    try {
      const image = await upload('/api/images', file, { expects: uploadedPicture, signal, onProgress });
      item.imageId = image.id;
    } catch (error) {
      if (error.code === 'network' && (await isGone(file))) {
        throw lost();
      }
      throw error;
    }
    office.onUploaded(item);
  }

  return { work, wake, hurry };
}

function lost() {
  return new RequestError({ code: 'outbox.pictureLost' });
}

// The upload of such a file fails as if there were no connection.
function isGone(file) {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => false,
      () => true,
    );
}
