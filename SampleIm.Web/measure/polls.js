// What ten tabs of one browser cost: requests to /api/total in ten seconds, with one tab and with ten.
import { launch, newName, open, print, signUp } from './browser.js';

const tabs = 10;
const measuredMs = 10_000;

const browser = await launch();
const context = await browser.newContext();
await signUp(context, newName('polls'), 'Polls');
let polls = 0;
context.on('request', (request) => {
  polls += Number(request.url().endsWith('/api/total'));
});

async function measure(count) {
  await context.pages()[0].waitForTimeout(2000);
  polls = 0;
  await context.pages()[0].waitForTimeout(measuredMs);
  print(`${count} tab(s): ${polls} polls in ${measuredMs / 1000} s`);
}

await open(context);
await measure(1);
for (let count = 1; count < tabs; count += 1) {
  await open(context);
}
await measure(tabs);
await browser.close();
