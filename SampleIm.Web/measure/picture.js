// The picture of the README, from a real run with invented people: docs/images/chat.png. Wants a server without users.
import { fileURLToPath } from 'node:url';
import { address, launch, print, say, signUp } from './browser.js';

const target = fileURLToPath(new URL('../../docs/images/chat.png', import.meta.url));
const people = [
  ['mira', 'Mira Sandoval'],
  ['tomas', 'Tomás Vela'],
  ['lin', '林晓'],
  ['ada', 'Ada Whitfield'],
];

const browser = await launch();
const contexts = {};
for (const [name, displayName] of people) {
  contexts[name] = await browser.newContext({
    viewport: { width: 1360, height: 820 },
    deviceScaleFactor: 1.5,
    colorScheme: 'light',
    locale: 'en-GB',
  });
  await signUp(contexts[name], name, displayName);
}

// Anyone who has the page open is online.
const pages = {};
for (const [name] of people) {
  pages[name] = await contexts[name].newPage();
  await pages[name].goto(`${address}/#/lobby`);
  await pages[name].waitForSelector('.js-composer-text:visible');
}

// A picture of hills, drawn here.
async function drawHills(page) {
  const base64 = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 960, height: 540 });
    const pen = canvas.getContext('2d');
    const sky = pen.createLinearGradient(0, 0, 0, 540);
    sky.addColorStop(0, '#f7c59f');
    sky.addColorStop(1, '#fdeed8');
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 960, 540);
    pen.fillStyle = '#fff6e6';
    pen.beginPath();
    pen.arc(700, 190, 60, 0, 2 * Math.PI);
    pen.fill();
    ['#a9c4b1', '#6f9d86', '#3d7a62', '#1c5444'].forEach((color, hill) => {
      pen.fillStyle = color;
      pen.beginPath();
      pen.moveTo(0, 540);
      for (let x = 0; x <= 960; x += 8) {
        pen.lineTo(x, 290 + hill * 62 + 46 * Math.sin(x / (150 - hill * 18) + hill * 2.1));
      }
      pen.lineTo(960, 540);
      pen.fill();
    });
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1];
  });
  return { name: 'hills.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}

await say(contexts.ada, '@mira', 'The slides are in the shared folder.');
await say(contexts.lin, '@mira', '明天的会改到十点，可以吗？');
await say(contexts.mira, '@tomas', 'Thanks for the lift!');
await say(contexts.tomas, 'lobby', 'Morning all! Who is coming on the walk on Saturday?');
await say(contexts.lin, 'lobby', '我来！带两个朋友可以吗？');
await say(contexts.tomas, 'lobby', 'Of course, the more the merrier 🙂');
await pages.ada.setInputFiles('.js-picture-input', await drawHills(pages.ada));
await pages.ada.waitForSelector('.js-send:enabled');
await pages.ada.fill('.js-composer-text', 'This is the view from the ridge at seven in the morning.');
await pages.ada.click('.js-send');
await pages.ada.waitForSelector('.js-message[data-seq] .js-picture');
await say(contexts.mira, 'lobby', 'Count me in. I bring the thermos.');
await say(contexts.lin, 'lobby', '🏔️☀️');
await pages.mira.waitForTimeout(2500);
await pages.mira.mouse.move(1, 1);
await pages.mira.screenshot({ path: target });
print(target.replace(/^.*\/docs\//, 'docs/'));
await browser.close();
