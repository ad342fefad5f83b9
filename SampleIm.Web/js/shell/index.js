import $ from 'jquery/slim';
import { createStorage } from './storage.js';
import { initViewport } from './viewport_ui.js';
import { createWorkerTimers } from './worker_timers.js';

export { isInView } from './attention_ui.js';
export { createCalendar } from './calendar.js';
export { ask } from './dialog_ui.js';
export { createEvent } from './event.js';
export { newId } from './ids.js';
export { initLayout, isOnePane, showPane } from './layout_ui.js';
export { initConnectionNotice, showConnection, toast, toastError } from './notice_ui.js';
export { initShortcuts } from './shortcuts_ui.js';

// What the page stands on: the browser's storage, timers, and what happens to its window.
export function createShell(wakeUp) {
  const pageTimers = {
    setTimeout: (action, delayMs) => window.setTimeout(action, delayMs),
    clearTimeout: (timer) => window.clearTimeout(timer),
  };
  const createWorker = () => new Worker(import.meta.resolve('./timer_worker.js'));
  initViewport();
  $(window).on('online', wakeUp.emit);
  $(window).on('pageshow', ({ originalEvent }) => {
    // Every page is shown once it has loaded: only one that the browser had put aside comes back.
    if (originalEvent.persisted) {
      wakeUp.emit();
    }
  });
  $(document).on('visibilitychange', wakeUp.emit);
  return {
    timers: createWorkerTimers({ createWorker, pageTimers }),
    storage: createStorage(() => window.localStorage),
  };
}
