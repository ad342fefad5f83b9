import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { createPictureStore } from '../js/outbox/picture_store.js';

const dayMs = 24 * 60 * 60 * 1000;

function requestOf(result) {
  const asked = { result };
  queueMicrotask(() => asked.onsuccess());
  return asked;
}

function failing(error) {
  const asked = { error };
  queueMicrotask(() => asked.onerror());
  return asked;
}

function createFakeFactory(values) {
  const objectStore = () => ({
    put: (value, id) => requestOf(values.set(id, value)),
    get: (id) => requestOf(values.get(id)),
    delete: (id) => requestOf(values.delete(id)),
    getAllKeys: () => requestOf([...values.keys()]),
    getAll: () => requestOf([...values.values()]),
  });
  return { open: () => requestOf({ transaction: () => ({ objectStore }) }) };
}

describe('the pictures on their way', () => {
  let pictures;
  let values;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: dayMs });
    values = new Map();
    const factory = createFakeFactory(values);
    pictures = createPictureStore(() => factory);
  });

  afterEach(() => mock.timers.reset());

  it('stay for a message that waits, however long, and go when none wants them', async () => {
    const file = new Blob(['file']);
    await pictures.put('wanted', file);
    await pictures.put('unwanted', file);
    mock.timers.setTime(2 * dayMs + 1);
    await pictures.put('young', file);
    await pictures.sweep((id) => id === 'wanted');
    assert.equal(await pictures.get('wanted'), file);
    assert.equal(await pictures.get('unwanted'), null);
    assert.equal(await pictures.get('young'), file, 'its message may be about to be written');
  });

  it('are not there where the browser holds something else in their place', async () => {
    for (const entry of [undefined, null, 'x', 1, [], {}, { file: null }, { file: 'x' }, { file: {} }]) {
      values.set('broken', entry);
      assert.equal(await pictures.get('broken'), null);
    }
    await pictures.sweep(() => false);
    await pictures.put('next', new Blob(['file']));
    assert.notEqual(await pictures.get('next'), null);
  });

  it('stay with their tab where the browser has no place for them', async () => {
    const lacking = [
      () => undefined,
      () => {
        throw new Error('refused');
      },
      () => ({ open: () => failing(new Error('damaged')) }),
      () => ({ open: () => requestOf({ transaction: () => assert.fail('no such store') }) }),
    ];
    for (const openFactory of lacking) {
      const store = createPictureStore(openFactory);
      assert.equal(await store.put('one', new Blob(['file'])), false);
      assert.equal(await store.get('one'), null);
      await store.remove('one');
      await store.sweep(() => false);
    }
  });
});
