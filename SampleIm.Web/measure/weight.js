// How much the first visit loads, compressed as it comes over the wire, without pictures.
import { address, launch, print } from './browser.js';

const browser = await launch();
const page = await browser.newPage();
const loads = [];
page.on('requestfinished', (request) => loads.push(request));
await page.goto(address, { waitUntil: 'networkidle' });

const sums = new Map();
for (const request of loads) {
  const { responseBodySize, responseHeadersSize } = await request.sizes();
  const sum = sums.get(request.resourceType()) ?? { files: 0, bodies: 0, headers: 0 };
  sum.files += 1;
  sum.bodies += responseBodySize;
  sum.headers += responseHeadersSize;
  sums.set(request.resourceType(), sum);
}
sums.delete('image');
const kilobytes = (bytes) => (bytes / 1024).toFixed(1);
const total = { files: 0, bodies: 0, headers: 0 };
for (const [type, sum] of sums) {
  Object.keys(total).forEach((name) => {
    total[name] += sum[name];
  });
  print(
    `${type.padEnd(12)} ${sum.files} files, ${kilobytes(sum.bodies)} KB, headers ${kilobytes(sum.headers)} KB`,
  );
}
print(
  `total        ${total.files} files, ${kilobytes(total.bodies)} KB, headers ${kilobytes(total.headers)} KB`,
);
await browser.close();
