import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { settled } from './fakes.js';
import { accept, createOutboxWorld, refuse, tell } from './outbox_world.js';

describe('the order in the outbox', () => {
  let world;
  let timers;
  let tab;
  let calls;
  let outbox;

  beforeEach(() => {
    world = createOutboxWorld();
    ({ timers } = world);
    tab = world.createTab();
    ({ calls, outbox } = tab);
  });

  function texts() {
    return calls.map(({ body }) => body.text);
  }

  function statuses() {
    return outbox.list('lobby').map(({ text, status, error }) => [text, status, error?.code]);
  }

  async function failFor(call, code = 'network', options = {}) {
    await refuse(call, code, options);
    await timers.advance(8000);
  }

  async function addTwoAndFailTheFirst(code = 'network', options = {}) {
    outbox.add({ conversation: 'lobby', text: 'first' });
    outbox.add({ conversation: 'lobby', text: 'second' });
    for (let tries = 0; tries < 4; tries += 1) {
      await failFor(calls.at(-1), code, options);
    }
    await refuse(calls.at(-1), code, options);
    assert.deepEqual(statuses()[0], ['first', 'sending', code]);
  }

  for (const [code, options] of [
    ['network', {}],
    ['server.error', { status: 503 }],
    ['request.rateLimited', { status: 429 }],
  ]) {
    it(`is kept while the first cannot be sent: ${code}`, async () => {
      await addTwoAndFailTheFirst(code, options);
      await timers.advance(15_999);
      assert.deepEqual(new Set(texts()), new Set(['first']));
      assert.deepEqual(statuses()[1], ['second', 'sending', undefined]);
      outbox.resume();
      await settled();
      assert.equal(calls.at(-1).body.text, 'first');
      await accept(calls.at(-1));
      assert.equal(calls.at(-1).body.text, 'second');
    });
  }

  it('holds over a reload', async () => {
    await addTwoAndFailTheFirst();
    const next = world.createTab();
    assert.deepEqual(
      next.calls.map(({ body }) => body.text),
      ['first'],
    );
  });

  it('holds what is written behind it later, and nothing in another conversation', async () => {
    await addTwoAndFailTheFirst();
    const before = calls.length;
    outbox.add({ conversation: 'lobby', text: 'third' });
    outbox.add({ conversation: '@bob', text: 'aside' });
    assert.deepEqual(texts().slice(before), ['aside']);
  });

  it('goes on when the first is tried again', async () => {
    await addTwoAndFailTheFirst();
    outbox.retry('id-1');
    await settled();
    await accept(calls.at(-1));
    assert.equal(calls.at(-1).body.text, 'second');
  });

  it('goes on when the first is discarded', async () => {
    await addTwoAndFailTheFirst();
    outbox.discard('id-1');
    await settled();
    assert.equal(calls.at(-1).body.text, 'second');
  });

  it('goes on when the first is discarded in another tab', async () => {
    await addTwoAndFailTheFirst();
    world.createTab({ leads: false }).outbox.discard('id-1');
    tell(outbox);
    await settled();
    assert.equal(calls.at(-1).body.text, 'second');
  });

  it('loses nothing but the pause when what is being retried is discarded', async () => {
    outbox.add({ conversation: 'lobby', text: 'first' });
    outbox.add({ conversation: 'lobby', text: 'second' });
    await refuse(calls[0], 'request.rateLimited', { status: 429, retryAfter: 60 });
    outbox.discard('id-1');
    await settled();
    assert.deepEqual(texts(), ['first', 'second']);
    assert.equal(timers.armedCount(), 0);
  });

  it('forgets for good what is discarded while its refusal is on the way', async () => {
    outbox.add({ conversation: 'lobby', text: '', file: { name: 'a.png' }, preview: 'blob:1' });
    await settled();
    outbox.discard('id-1');
    await refuse(tab.uploads[0], 'image.tooLarge', { status: 413 });
    assert.deepEqual(world.storage.keys(''), []);
  });

  it('waits no longer when the connection is back, and counts the tries again', async () => {
    outbox.add({ conversation: 'lobby', text: 'first' });
    for (const waitMs of [1000, 2000, 4000]) {
      await refuse(calls.at(-1), 'network');
      await timers.advance(waitMs);
    }
    await refuse(calls.at(-1), 'network');
    outbox.resume();
    await settled();
    assert.equal(calls.length, 5);
    await refuse(calls.at(-1), 'network');
    assert.deepEqual(statuses(), [['first', 'sending', 'network']]);
    await timers.advance(1000);
    assert.equal(calls.length, 6);
  });

  it('counts again after a try that began before the connection was back', async () => {
    outbox.add({ conversation: 'lobby', text: 'first' });
    for (let tries = 0; tries < 4; tries += 1) {
      await failFor(calls.at(-1));
    }
    outbox.resume();
    await refuse(calls.at(-1), 'network');
    const before = calls.length;
    await timers.advance(1000);
    assert.equal(calls.length, before + 1);
  });

  it('rests in a pause when the sign-in ends', async () => {
    outbox.add({ conversation: 'lobby', text: 'first' });
    await refuse(calls[0], 'network');
    outbox.pause();
    await settled();
    await timers.advance(60_000);
    assert.equal(calls.length, 1);
    outbox.start('alice');
    assert.equal(calls.length, 2);
  });

  it('is left to the next leader, but for what only this tab knows', async () => {
    outbox.add({ conversation: 'lobby', text: 'kept' });
    const full = world.createTab({ storage: { ...world.storage, set: () => false } });
    full.outbox.discard('id-1');
    full.outbox.add({ conversation: '@bob', text: 'known here only' });
    tab.lead(false);
    full.lead(false);
    await settled();
    assert.equal(calls[0].signal.aborted, true);
    const own = full.calls.at(-1);
    assert.deepEqual([own.body.text, own.signal.aborted], ['known here only', false]);
    await accept(own);
    assert.equal(full.outbox.list('@bob').length, 0);
  });
});
