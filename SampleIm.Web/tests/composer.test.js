import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createComposer } from '../js/composer/composer.js';
import { createDrafts } from '../js/composer/drafts.js';
import { createEvent } from '../js/shell/event.js';
import { createFakeStorage, messageOf, settled } from './fakes.js';

const acceptedTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const png = { name: 'a.png', type: 'image/png', size: 1000 };

describe('the composer', () => {
  let storage;
  let added;
  let released;
  let composer;
  let originals;
  let limits;
  let scaledTo;

  beforeEach(() => {
    storage = createFakeStorage();
    start();
  });

  function start() {
    added = [];
    released = [];
    originals = false;
    scaledTo = [];
    const current = { textLength: 4000, imageBytes: 10 * 1024 * 1024 };
    limits = { changed: createEvent(), current: () => current, now: (next) => Object.assign(current, next) };
    const drafts = createDrafts({ storage });
    drafts.start('alice');
    composer = createComposer({
      drafts,
      outbox: { add: (item) => added.push(item) },
      previews: { create: (file) => `blob:${file.name}`, release: (address) => released.push(address) },
      asPicture: async (file) => (acceptedTypes.includes(file.type) ? file : null),
      scaled: async (file, { imageBytes }) => {
        if (file.isGone) {
          throw new DOMException('gone', 'NotReadableError');
        }
        scaledTo.push(imageBytes);
        return { ...file, size: Math.min(file.size / 10, imageBytes) };
      },
      preferences: { changed: createEvent(), originals: () => originals },
      limits,
    });
    composer.open('lobby');
  }

  it('keeps a draft for each conversation, also over a reload', () => {
    composer.setText('for the lobby');
    composer.open('@bob');
    assert.equal(composer.text(), '');
    composer.setText('for Bob');
    start();
    assert.equal(composer.text(), 'for the lobby');
    composer.open('@bob');
    assert.equal(composer.text(), 'for Bob');
  });

  it('sends the text without blank lines around it and forgets the draft', () => {
    composer.setText('\n  \n  indented\nline  \n\n');
    composer.send();
    assert.deepEqual(added, [{ conversation: 'lobby', text: '  indented\nline' }]);
    assert.equal(composer.text(), '');
    assert.deepEqual(storage.keys(''), []);
  });

  it('sends nothing empty and nothing too long', () => {
    composer.setText(' \n ');
    assert.equal(composer.canSubmit(), false);
    composer.setText('x'.repeat(4000));
    assert.equal(composer.canSubmit(), true);
    composer.setText('x'.repeat(4001));
    assert.equal(composer.canSubmit(), false);
    assert.equal(composer.remaining(), -1);
  });

  it('refuses what is too much for this server, and nothing before it is known', async () => {
    limits.now({ textLength: Infinity, imageBytes: Infinity });
    composer.setText('x'.repeat(100_000));
    assert.deepEqual([composer.canSubmit(), composer.remaining()], [true, Infinity]);
    limits.now({ textLength: 7 });
    composer.setText('1234567\n');
    assert.deepEqual([composer.canSubmit(), composer.remaining()], [true, 0]);
    composer.setText('12345678');
    assert.deepEqual([composer.canSubmit(), composer.remaining()], [false, -1]);
    composer.setText('');
    composer.addPictures([png]);
    await settled();
    assert.equal(composer.isTooLarge(composer.pictures()[0]), false);
    limits.now({ imageBytes: 99 });
    assert.equal(composer.canSubmit(), false);
    limits.changed.emit();
    await settled();
    assert.deepEqual([composer.canSubmit(), scaledTo], [true, [Infinity, 99]]);
    originals = true;
    assert.equal(composer.isTooLarge(composer.pictures()[0]), true);
  });

  it('makes each picture a message, the text going with the first', async () => {
    composer.addPictures([png, { ...png, name: 'b.png' }]);
    composer.setText('look');
    assert.equal(composer.canSubmit(), false, 'they are still being scaled down');
    await settled();
    assert.equal(composer.canSubmit(), true);
    composer.send();
    assert.deepEqual(
      added.map(({ text, file, preview }) => [text, file.size, preview]),
      [
        ['look', 100, 'blob:a.png'],
        ['', 100, 'blob:b.png'],
      ],
    );
    assert.deepEqual(composer.pictures(), []);
    assert.deepEqual(released, []);
  });

  it('sends the original on request', async () => {
    originals = true;
    composer.addPictures([png]);
    await settled();
    composer.send();
    assert.equal(added[0].file.size, 1000);
  });

  it('refuses what the server would refuse: by its bytes, by the size that would be sent', async () => {
    const codes = [];
    composer.rejected.on(({ code }) => codes.push(code));
    composer.addPictures([
      { ...png, type: 'image/svg+xml' },
      { ...png, size: 10 * 1024 * 1024 + 1 },
    ]);
    await settled();
    assert.deepEqual(codes, ['image.unsupported']);
    assert.equal(composer.canSubmit(), true);
    originals = true;
    assert.equal(composer.isTooLarge(composer.pictures()[0]), true);
    assert.equal(composer.canSubmit(), false);
  });

  it('sends nothing while it looks at what was chosen, and adds that where it was chosen', async () => {
    composer.setText('look');
    composer.addPictures([png]);
    assert.equal(composer.canSubmit(), false);
    composer.open('@bob');
    await settled();
    assert.deepEqual(composer.pictures(), []);
    composer.open('lobby');
    assert.equal(composer.pictures().length, 1);
    assert.equal(composer.canSubmit(), true);
  });

  it('can send again after a fault that nobody foresaw while it looked at what was chosen', async () => {
    composer.setText('look');
    await assert.rejects(composer.addPictures([png, null]), TypeError);
    assert.deepEqual([composer.pictures(), composer.canSubmit()], [[], true]);
    await composer.addPictures([png]);
    await settled();
    assert.deepEqual([composer.pictures().length, composer.canSubmit()], [1, true]);
  });

  it('keeps nothing that was chosen by somebody who has gone meanwhile', async () => {
    composer.addPictures([png]);
    composer.clear();
    await settled();
    assert.deepEqual(composer.pictures(), []);
    assert.equal(composer.canSubmit(), false);
    composer.setText('mine');
    assert.equal(composer.canSubmit(), true);
  });

  it('says when a file cannot be read any more, and goes on without it', async () => {
    const codes = [];
    composer.rejected.on(({ code }) => codes.push(code));
    composer.addPictures([png, { ...png, name: 'b.png', isGone: true }]);
    await settled();
    composer.open('@bob');
    assert.deepEqual([codes, released], [['outbox.pictureLost'], ['blob:b.png']]);
    composer.open('lobby');
    assert.deepEqual(
      composer.pictures().map(({ preview }) => preview),
      ['blob:a.png'],
    );
    assert.equal(composer.canSubmit(), true);
  });

  it('keeps pictures by conversation, and gives back those that are not sent', async () => {
    composer.addPictures([png, { ...png, name: 'b.png' }]);
    await settled();
    composer.removePicture(composer.pictures()[0]);
    composer.open('@bob');
    assert.deepEqual(composer.pictures(), []);
    composer.open('lobby');
    assert.equal(composer.pictures()[0].preview, 'blob:b.png');
    composer.clear();
    assert.deepEqual(composer.pictures(), []);
    assert.deepEqual(released, ['blob:a.png', 'blob:b.png']);
  });

  it('brings the draft back after an edit', () => {
    composer.setText('half written');
    composer.startEdit(messageOf(3, { text: 'old' }));
    assert.equal(composer.text(), 'old');
    composer.setText('new');
    assert.equal(composer.content(), 'new');
    composer.endEdit();
    assert.equal(composer.text(), 'half written');
  });

  it('keeps a changed edit while another conversation is open', () => {
    composer.setText('draft');
    const message = messageOf(3, { text: 'old' });
    composer.startEdit(message);
    composer.setText('new');
    composer.open('@bob');
    assert.deepEqual([composer.edited(), composer.text()], [null, '']);
    composer.open('lobby');
    assert.deepEqual([composer.edited(), composer.text()], [message, 'new']);
    composer.endEdit();
    assert.equal(composer.text(), 'draft');
  });

  it('lets an edit go that changed nothing, that was saved meanwhile, or whose author has gone', () => {
    const message = messageOf(3, { text: 'old' });
    const endings = [
      ['old', () => {}],
      ['new', () => composer.endEdit(message)],
      ['new', () => composer.clear()],
    ];
    for (const [words, end] of endings) {
      composer.startEdit(message);
      composer.setText(words);
      composer.open('@bob');
      composer.setText('for Bob');
      end();
      assert.equal(composer.text(), 'for Bob');
      composer.open('lobby');
      assert.equal(composer.edited(), null);
    }
  });

  it('takes over what another tab does with the draft', () => {
    composer.setText('said in both');
    const [key] = storage.keys('');
    storage.set(key, 'said in the other');
    composer.onStored(key);
    assert.equal(composer.text(), 'said in the other');
    composer.startEdit(messageOf(3, { text: 'old' }));
    storage.remove(key);
    composer.onStored(key);
    assert.equal(composer.text(), 'old', 'an edit is no draft');
    composer.endEdit();
    assert.equal(composer.text(), '');
    composer.onStored('sampleim.theme');
    assert.equal(composer.text(), '');
  });
});
