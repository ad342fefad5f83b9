import { RequestError } from '../session/answer.js';
import { waitAfter } from '../session/back_off.js';
import { createEvent } from '../shell/event.js';

const expects = { 200: { messages: { maxLength: 1 }, images: { maxBytes: 1, maxPixels: 1 } } };
const unknown = { textLength: Infinity, imageBytes: Infinity, imagePixels: Infinity };

// What the server takes at most. Until it has said so nothing is refused here: the server itself refuses what is too much.
export function createLimits({ request, timers, random }) {
  const changed = createEvent();
  let current = unknown;
  let flight = null;
  let timer = null;
  let failures = 0;

  // Asked again when the server has been away: it may have been started with other settings.
  async function load() {
    stop();
    const mine = new AbortController();
    flight = mine;
    try {
      const { body } = await request('GET', '/api/limits', { expects, signal: mine.signal });
      failures = 0;
      accept(body);
    } catch (error) {
      if (flight === mine) {
        retry(error);
      }
    }
  }

  function accept({ messages, images }) {
    current = { textLength: messages.maxLength, imageBytes: images.maxBytes, imagePixels: images.maxPixels };
    changed.emit();
  }

  function retry(error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    if (error.isPassing) {
      failures += 1;
      timer = timers.setTimeout(load, waitAfter(failures, error, { random }));
    }
  }

  function stop() {
    timers.clearTimeout(timer);
    flight?.abort();
    flight = null;
  }

  return { changed, load, stop, current: () => current };
}
