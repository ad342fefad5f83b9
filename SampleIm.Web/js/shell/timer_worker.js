// The timers of a worker keep their pace in a hidden tab, where those of the page may rest for a minute.
const armed = new Map();

self.onmessage = ({ data: { id, delayMs } }) => {
  clearTimeout(armed.get(id));
  armed.delete(id);
  if (delayMs !== null) {
    armed.set(id, setTimeout(ring, delayMs, id));
  }
};

function ring(id) {
  armed.delete(id);
  self.postMessage(id);
}
