import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { createPictureStore } from '../wwwroot/js/picture_store.js';

const dayMs = 24 * 60 * 60 * 1000;

function requestOf(result) {
  const asked = { result };
  queueMicrotask(() => asked.onsuccess());
  return asked;
}

function createFakeFactory() {
  const values = new Map();
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

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: dayMs });
    const factory = createFakeFactory();
    pictures = createPictureStore(() => factory);
  });

  afterEach(() => mock.timers.reset());

  it('stay for a message that waits, however long, and go when none wants them', async () => {
    await pictures.put('wanted', 'file 1');
    await pictures.put('unwanted', 'file 2');
    mock.timers.setTime(2 * dayMs + 1);
    await pictures.put('young', 'file 3');
    await pictures.sweep((id) => id === 'wanted');
    assert.equal(await pictures.get('wanted'), 'file 1');
    assert.equal(await pictures.get('unwanted'), null);
    assert.equal(await pictures.get('young'), 'file 3', 'its message may be about to be written');
  });
});
