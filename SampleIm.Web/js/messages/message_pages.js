import { RequestError } from '../session/answer.js';

const olderAtOnce = 50;
const newerAtOnce = 100;

export const historyPage = { 200: { messages: [], hasMore: false } };

// The way up and down from what is loaded, page by page.
export function createMessagePages({ path, request, loaded, rest, onChanged }) {
  let isLoadingOlder = false;
  let olderError = null;
  let isLoadingNewer = false;
  let newerError = null;
  let wayDown = null;
  let missed = [];

  // A page on its way was read before what changes meanwhile, and knows nothing of it.
  function note(changes) {
    if (isLoadingOlder || isLoadingNewer) {
      missed = missed.concat(changes);
    }
  }

  function mergeMissed() {
    if (!isLoadingOlder && !isLoadingNewer) {
      loaded.merge(missed);
      missed = [];
    }
  }

  async function loadOlder() {
    if (isLoadingOlder || !loaded.hasOlder()) {
      return;
    }
    isLoadingOlder = true;
    olderError = null;
    onChanged();
    const before = loaded.oldestSeq();
    try {
      // The page must meet the window that it was asked for: neither reloaded nor trimmed meanwhile.
      await load(`before=${before}&limit=${olderAtOnce}`, ({ messages, hasMore }) => {
        if (loaded.oldestSeq() === before) {
          loaded.addOlder(messages, hasMore);
        }
      });
    } catch (failure) {
      olderError = failure;
      throwUnlessRequest(failure);
    } finally {
      isLoadingOlder = false;
      mergeMissed();
      onChanged();
    }
  }

  function loadNewer() {
    if (isLoadingNewer || !loaded.hasNewer() || rest.isOn()) {
      return;
    }
    const after = loaded.newestSeq();
    wayDown = goDown(`before=${after + 1 + newerAtOnce}&limit=${newerAtOnce}`, ({ messages }) => {
      if (loaded.newestSeq() === after) {
        loaded.addNewer(messages);
      }
    });
  }

  // The end at once, without what lies between.
  async function toLatest() {
    await wayDown;
    if (loaded.hasNewer()) {
      wayDown = goDown(`limit=${olderAtOnce}`, ({ messages, hasMore }) => loaded.replace(messages, hasMore));
      await wayDown;
    }
  }

  async function goDown(query, take) {
    isLoadingNewer = true;
    newerError = null;
    try {
      await load(query, take);
    } catch (failure) {
      newerError = failure;
      rest.begin(failure);
      throwUnlessRequest(failure);
    } finally {
      isLoadingNewer = false;
      mergeMissed();
      onChanged();
    }
  }

  async function load(query, take) {
    const run = loaded.run();
    const { body } = await request('GET', `${path}/history?${query}`, { expects: historyPage });
    if (loaded.run() === run) {
      take(body);
    }
  }

  // What failed on the way down for a passing reason; called with every answered poll.
  function retry() {
    if (newerError?.isPassing) {
      loadNewer();
    }
  }

  return {
    note,
    loadOlder,
    loadNewer,
    toLatest,
    retry,
    isLoadingOlder: () => isLoadingOlder,
    olderError: () => olderError,
    newerError: () => newerError,
  };
}

function throwUnlessRequest(failure) {
  if (!(failure instanceof RequestError)) {
    throw failure;
  }
}
