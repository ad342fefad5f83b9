// Timers that keep their pace in a hidden tab. Where no worker can be had, the page's own have to do.
export function createWorkerTimers({ createWorker, pageTimers }) {
  const armed = new Map();
  let worker = workerOrNull(createWorker);
  let ids = 0;

  function setTimeout(action, delayMs) {
    ids += 1;
    armed.set(ids, { action, delayMs, pageTimer: null });
    arm(ids);
    return ids;
  }

  function arm(id) {
    const timer = armed.get(id);
    if (worker) {
      worker.postMessage({ id, delayMs: timer.delayMs });
    } else {
      timer.pageTimer = pageTimers.setTimeout(() => ring(id), timer.delayMs);
    }
  }

  function clearTimeout(id) {
    const timer = armed.get(id);
    if (timer && armed.delete(id)) {
      worker?.postMessage({ id, delayMs: null });
      pageTimers.clearTimeout(timer.pageTimer);
    }
  }

  function ring(id) {
    const timer = armed.get(id);
    armed.delete(id);
    timer?.action();
  }

  if (worker) {
    worker.onmessage = ({ data: id }) => ring(id);
    worker.onerror = () => {
      worker = null;
      [...armed.keys()].forEach(arm);
    };
  }

  return { setTimeout, clearTimeout };
}

function workerOrNull(createWorker) {
  try {
    return createWorker();
  } catch {
    return null;
  }
}
