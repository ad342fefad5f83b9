import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createDrafts } from '../js/composer/drafts.js';
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

  it('stay in their tab where the browser has no room left, and no older one comes back', () => {
    const drafts = draftsOf('al');
    drafts.set('lobby', 'kept');
    const { set } = storage;
    storage.set = () => false;
    drafts.set('lobby', 'kept, and then some');
    drafts.set('@bob', 'not kept');
    assert.deepEqual([drafts.get('lobby'), drafts.get('@bob')], ['kept, and then some', 'not kept']);
    assert.equal(draftsOf('al').get('lobby'), '');
    drafts.start('bob');
    assert.equal(drafts.get('lobby'), '');
    drafts.start('al');
    storage.set = set;
    drafts.set('lobby', 'kept again');
    drafts.set('@bob', '');
    assert.deepEqual([draftsOf('al').get('lobby'), drafts.get('@bob')], ['kept again', '']);
    storage.set = () => false;
    drafts.set('lobby', 'nothing of it');
    drafts.clear();
    assert.equal(drafts.get('lobby'), '');
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
