import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

// The server to measure, and the browser: SAMPLEIM_URL and CHROMIUM.
export const address = process.env.SAMPLEIM_URL ?? 'http://localhost:5080';
export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

const password = 'correct horse battery';

const usualArgs = ['--no-sandbox', '--disable-gpu'];

export function launch() {
  return chromium.launch({ executablePath: chromiumPath, args: usualArgs });
}

// One profile, which other programs reach as well by the port.
export async function launchProfile(port) {
  const folder = await mkdtemp(join(tmpdir(), 'sampleim-'));
  const args = [...usualArgs, `--remote-debugging-port=${port}`];
  return chromium.launchPersistentContext(folder, { executablePath: chromiumPath, args });
}

// A name that no earlier run has taken.
export function newName(name) {
  return `${name}${Date.now().toString(36).slice(-6)}`;
}

export async function signUp(context, username, displayName) {
  await context.request.post(`${address}/api/account/register`, {
    data: { username, password, displayName },
  });
  await context.addInitScript((name) => localStorage.setItem('sampleim.user', name), username);
}

export async function open(context, hash = '#/lobby') {
  const page = await context.newPage();
  await page.goto(`${address}/${hash}`);
  return page;
}

export function say(context, conversation, text) {
  const path = `${address}/api/conversations/${encodeURIComponent(conversation)}/messages`;
  return context.request.post(path, { data: { text } });
}

export function print(line) {
  process.stdout.write(`${line}\n`);
}
