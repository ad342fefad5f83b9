import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createFakeStorage, settled } from './fakes.js';
import { accept, createOutboxWorld } from './outbox_world.js';

const key = 'sampleim.outbox.alice/x';
const whole = {
  owner: 'alice',
  clientId: 'x',
  conversation: 'lobby',
  text: 'kept',
  sentAt: '2026-11-20T03:46:00.123Z',
};

describe('the outbox of a browser that keeps it badly', () => {
  let storage;
  let world;

  beforeEach(() => {
    world = createOutboxWorld();
    ({ storage } = world);
  });

  for (const stored of [
    '{',
    '',
    'null',
    '1',
    '"x"',
    '[]',
    '{}',
    JSON.stringify({ ...whole, text: null }),
    JSON.stringify({ ...whole, conversation: 7 }),
    JSON.stringify({ ...whole, conversation: '\ud800' }),
    JSON.stringify({ ...whole, clientId: 'y' }),
    '{"owner":"alice","clientId":"x"}',
  ]) {
    it(`drops what is no message, and sends the others: ${stored}`, async () => {
      storage.set(key, stored);
      const { outbox, calls } = world.createTab();
      assert.equal(outbox.isEmpty(), true);
      assert.deepEqual(storage.keys(''), []);
      outbox.add({ conversation: 'lobby', text: 'hello' });
      await accept(calls[0]);
      assert.deepEqual([outbox.isEmpty(), storage.keys('')], [true, []]);
    });
  }

  for (const odd of [
    {},
    { sentAt: 7 },
    { sentAt: '+275760-09-13T00:00:00.000Z' },
    { status: 'gone' },
    { status: 'failed' },
    { status: 'failed', error: 'x' },
    { error: { code: 7 } },
    { hasPicture: 'no', imageId: 5 },
  ]) {
    it(`keeps the words, whatever else is broken: ${JSON.stringify(odd)}`, async () => {
      storage.set(key, JSON.stringify({ ...whole, sentAt: null, ...odd }));
      const { outbox, calls } = world.createTab();
      outbox.add({ conversation: 'lobby', text: 'next' });
      assert.deepEqual(calls[0].body, { clientId: 'x', text: 'kept' });
      await accept(calls[0]);
      assert.equal(calls[1].body.text, 'next');
    });
  }

  it('shows a refused message whose reason is damaged in part', async () => {
    const error = { code: 'message.tooLong', status: 'x', retryAfter: {}, errors: null };
    storage.set(key, JSON.stringify({ ...whole, status: 'failed', error }));
    const { outbox } = world.createTab();
    await settled();
    const [item] = outbox.list('lobby');
    assert.deepEqual(
      [item.status, item.error.code, item.error.status, item.error.retryAfter],
      ['failed', 'message.tooLong', 0, null],
    );
  });

  it('hears of a broken record of another tab', () => {
    const { outbox } = world.createTab();
    storage.set(key, '{');
    outbox.onStored(key);
    assert.equal(outbox.isEmpty(), true);
  });

  it('leaves alone what is not its own', () => {
    const others = createFakeStorage();
    others.set('sampleim.outbox.bob/x', '{');
    world.createTab({ storage: others });
    assert.equal(others.get('sampleim.outbox.bob/x'), '{');
  });
});
