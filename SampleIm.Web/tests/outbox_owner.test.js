import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createOutboxStore } from '../js/outbox/outbox_store.js';
import { settled } from './fakes.js';
import { createOutboxWorld } from './outbox_world.js';

describe('the outbox of a user whose name begins another name', () => {
  let world;
  let longer;

  beforeEach(async () => {
    world = createOutboxWorld();
    longer = world.createTab({ username: 'al.ice', leads: false });
    longer.outbox.add({ conversation: 'lobby', text: 'secret', file: { name: 'a.png' }, preview: 'blob:1' });
    await settled();
    assert.equal(world.storage.keys('').length, 1);
  });

  it('neither shows nor sends what is not his', async () => {
    const shorter = world.createTab({ username: 'al' });
    await settled();
    assert.deepEqual([shorter.outbox.isEmpty(), shorter.calls.length], [true, 0]);
  });

  it('does not delete it on signing out', () => {
    const shorter = world.createTab({ username: 'al' });
    shorter.outbox.clear();
    longer.outbox.onStored(null);
    assert.equal(longer.outbox.list('lobby')[0].text, 'secret');
    assert.equal(world.pictures.files.size, 1);
  });

  it('does not listen to its changes', () => {
    const store = createOutboxStore({ storage: world.storage });
    store.start('al');
    assert.equal(store.concerns(world.storage.keys('')[0]), false);
  });

  it('reads no record that names another owner, whatever its key', () => {
    const [key] = world.storage.keys('');
    world.storage.set('sampleim.outbox.al/id-9', world.storage.get(key));
    assert.equal(world.createTab({ username: 'al' }).outbox.isEmpty(), true);
  });

  it('keeps the pictures that wait for anybody', () => {
    const sweeps = [];
    world.pictures.sweep = (isWanted) => sweeps.push(isWanted);
    world.createTab({ username: 'al' });
    assert.deepEqual([sweeps[0]('id-1'), sweeps[0]('1'), sweeps[0]('id-2')], [true, false, false]);
  });
});
