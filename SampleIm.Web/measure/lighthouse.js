// The scores of the sign-in and of the chat page on a desktop.
import lighthouse, { desktopConfig } from 'lighthouse';
import { address, launchProfile, newName, open, print, say, signUp } from './browser.js';

const port = 9333;
const categories = ['performance', 'accessibility', 'best-practices'];

const profile = await launchProfile(port);

async function measure(name, url) {
  const options = { port, onlyCategories: categories, disableStorageReset: true };
  const { lhr } = await lighthouse(url, options, desktopConfig);
  const scores = categories.map((id) => `${id} ${Math.round(lhr.categories[id].score * 100)}`);
  print(`${name}: ${scores.join(', ')}`);
  for (const audit of Object.values(lhr.audits)) {
    const counts = categories.some((id) =>
      lhr.categories[id].auditRefs.some((ref) => ref.id === audit.id && ref.weight > 0),
    );
    if (counts && audit.score !== null && audit.score < 1) {
      print(`  ${audit.id}: ${audit.displayValue ?? audit.score}`);
    }
  }
}

await measure('sign-in', address);
const username = newName('lighthouse');
await signUp(profile, username, 'Lighthouse');
for (let number = 1; number <= 60; number += 1) {
  await say(profile, 'lobby', `Message ${number}`);
}
const page = await open(profile);
await page.evaluate((name) => localStorage.setItem('sampleim.user', name), username);
await page.close();
await measure('chat', `${address}/#/lobby`);
await profile.close();
