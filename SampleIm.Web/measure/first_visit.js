// The first visit over slow networks: until the sign-in form can be used (the time from the first byte sent until the cursor
// stands in it), how many requests and how much of the page, compressed as it comes over the wire, until it rests.
import { address, launch, print } from './browser.js';

const runs = 5;
const networks = [
  { name: '100 ms, 10 Mbit/s', latency: 100, megabits: 10, mostMs: 1200 },
  { name: '150 ms, 1.6 Mbit/s', latency: 150, megabits: 1.6, mostMs: 1500 },
  { name: '300 ms, 0.7 Mbit/s', latency: 300, megabits: 0.7, mostMs: 3000 },
];
const mostRequests = 12;
const mostKilobytes = 95;

const browser = await launch();

async function visit({ latency, megabits }) {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    addEventListener('focusin', ({ target }) => {
      window.usableMs ??= target.name === 'username' ? performance.now() : undefined;
    });
  });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const bytesPerSecond = (megabits * 1_000_000) / 8;
  const conditions = {
    offline: false,
    latency,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  };
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', conditions);
  let requests = 0;
  let bytes = 0;
  session.on('Network.requestWillBeSent', () => {
    requests += 1;
  });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  const usableMs = await page.evaluate(() => window.usableMs);
  await context.close();
  return { usableMs, requests, kilobytes: bytes / 1024 };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const verdict = (value, most) => (value <= most ? 'met' : 'missed');

for (const network of networks) {
  const visits = [];
  for (let run = 0; run < runs; run += 1) {
    visits.push(await visit(network));
  }
  const [ms, requests, kilobytes] = ['usableMs', 'requests', 'kilobytes'].map((name) =>
    median(visits.map((one) => one[name])),
  );
  print(
    `${network.name.padEnd(20)} usable after ${Math.round(ms)} ms (at most ${network.mostMs}: ${verdict(ms, network.mostMs)}), ` +
      `${requests} requests (${mostRequests}: ${verdict(requests, mostRequests)}), ` +
      `${kilobytes.toFixed(1)} KB with headers (${mostKilobytes}: ${verdict(kilobytes, mostKilobytes)})`,
  );
}
await browser.close();
