const firstWaitMs = 1000;
const longestWaitMs = 30_000;

// How long to rest after so many failures in a row: twice as long each time, and no shorter than the server asks for.
// Up to half as much again by chance, so that all who were refused at once do not come back at once.
export function waitAfter(failures, { retryAfter }, { firstMs = firstWaitMs, random = Math.random } = {}) {
  const doubledMs = Math.min(longestWaitMs, firstMs * 2 ** Math.min(failures - 1, 10));
  const leastMs = Math.max(doubledMs, (retryAfter ?? 0) * 1000);
  return leastMs * (1 + random() / 2);
}

// Holds back what every answered poll would try again, for as long as the server asks.
export function createRest({ timers, random }) {
  let timer = null;

  function begin(error) {
    end();
    if (error.retryAfter !== null) {
      timer = timers.setTimeout(end, waitAfter(1, error, { random }));
    }
  }

  function end() {
    timers.clearTimeout(timer);
    timer = null;
  }

  return { begin, end, isOn: () => timer !== null };
}
