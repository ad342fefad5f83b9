import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { describe, it } from 'node:test';

const root = new URL('../js/', import.meta.url);
// From the lowest up: each may use those before it.
const rooms = [
  'text',
  'shell',
  'session',
  'people',
  'poll',
  'conversations',
  'outbox',
  'messages',
  'composer',
  'search',
  'notices',
  'settings',
];

const files = readdirSync(root, { recursive: true }).filter((path) => path.endsWith('.js'));

function importsOf(path) {
  const source = readFileSync(new URL(path, root), 'utf8');
  return [...source.matchAll(/(?:from|import\(|import)\s*'(\.[^']+)'/g)].map(([, target]) =>
    posix.join(dirname(path), target),
  );
}

describe('the rooms of the page', () => {
  it('are those of the list above', () => {
    const found = new Set(files.map(dirname).filter((folder) => folder !== '.'));
    assert.deepEqual([...found].sort(), rooms.toSorted());
  });

  it('use none that comes later', () => {
    const backwards = files.flatMap((path) =>
      importsOf(path)
        .filter(
          (target) => rooms.indexOf(dirname(target)) > rooms.indexOf(dirname(path)) && dirname(path) !== '.',
        )
        .map((target) => `${path} uses ${target}`),
    );
    assert.deepEqual(backwards, []);
    assert.ok(files.flatMap(importsOf).length > 100);
  });

  it('are joined by their doors', () => {
    for (const joint of ['main.js', 'chat.js']) {
      const inner = importsOf(joint).filter(
        (target) => !target.endsWith('/index.js') && target !== 'chat.js',
      );
      assert.deepEqual(inner, [], joint);
      assert.ok(importsOf(joint).length > 2);
    }
  });
});
