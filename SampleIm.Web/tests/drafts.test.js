import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createDrafts } from '../wwwroot/js/drafts.js';
import { createFakeStorage } from './fakes.js';

describe('drafts', () => {
  let storage;

  beforeEach(() => {
    storage = createFakeStorage();
  });

  function draftsOf(username) {
    const drafts = createDrafts({ storage });
    drafts.start(username);
    return drafts;
  }

  it('belong to one user, also when his name begins with the name of another', () => {
    const longer = draftsOf('al.ice');
    longer.set('lobby', 'secret');
    const shorter = draftsOf('al');
    assert.equal(shorter.get('ice.lobby'), '');
    shorter.clear();
    assert.equal(longer.get('lobby'), 'secret');
    longer.clear();
    assert.deepEqual(storage.keys(''), []);
  });

  it('know their own key', () => {
    const drafts = draftsOf('al');
    drafts.set('lobby', 'words');
    const [key] = storage.keys('');
    assert.equal(drafts.concerns(key, 'lobby'), true);
    assert.equal(drafts.concerns(null, 'lobby'), true);
    assert.equal(drafts.concerns(key, '@bob'), false);
  });
});
