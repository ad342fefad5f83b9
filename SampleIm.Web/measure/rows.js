// A conversation of 5,000 messages, scrolled from the end to the beginning and back: rows in the page, time of a frame,
// and the memory of the page.
import { launch, newName, open, print, say, signUp } from './browser.js';

const count = 5000;
const atOnce = 50;

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const [reader, writer] = [newName('reader'), newName('writer')];
const other = await browser.newContext();
await signUp(other, writer, 'Writer');
await signUp(context, reader, 'Reader');
for (let sent = 0; sent < count; sent += atOnce) {
  const texts = Array.from(
    { length: atOnce },
    (_, index) => `Message ${sent + index + 1}: ${'word '.repeat(index % 20)}`,
  );
  await Promise.all(texts.map((text) => say(other, `@${reader}`, text)));
}
const page = await open(context, `#/@${writer}`);
await page.waitForSelector('.js-message[data-seq]');
// All of it is unread, and it opens at its beginning.
await page.click('.js-to-latest');
await page.waitForSelector(`[data-seq="${count}"]`);

async function scroll(untilSeq, toTop) {
  return page.evaluate(
    async ([seq, up]) => {
      const log = document.querySelector('.js-log');
      const frames = [];
      let mostRows = 0;
      let last = performance.now();
      for (let step = 0; step < 20_000 && !document.querySelector(`[data-seq="${seq}"]`); step += 1) {
        log.scrollTop += up ? -400 : 400;
        await new Promise(requestAnimationFrame);
        frames.push(performance.now() - last);
        last = performance.now();
        mostRows = Math.max(mostRows, document.querySelectorAll('.js-log-rows > *').length);
      }
      frames.sort((a, b) => a - b);
      const share = (part) => frames[Math.floor(frames.length * part)].toFixed(1);
      return {
        frames: frames.length,
        mostRows,
        medianMs: share(0.5),
        p99Ms: share(0.99),
        longestMs: frames.at(-1).toFixed(1),
      };
    },
    [untilSeq, toTop],
  );
}

function tell(way, { frames, mostRows, medianMs, p99Ms, longestMs }) {
  print(
    `${way}: at most ${mostRows} rows; ${frames} frames, median ${medianMs} ms, p99 ${p99Ms} ms, longest ${longestMs} ms`,
  );
}

tell('to the first message', await scroll(1, true));
tell('back to the last', await scroll(count, false));
const session = await context.newCDPSession(page);
await session.send('HeapProfiler.collectGarbage');
const { usedSize } = await session.send('Runtime.getHeapUsage');
print(`memory of the scripts with all ${count} loaded: ${(usedSize / 1024 / 1024).toFixed(1)} MB`);
await browser.close();
