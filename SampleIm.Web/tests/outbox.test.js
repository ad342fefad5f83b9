import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { accept, createOutboxWorld, refuse, tell } from './outbox_world.js';
import { failure, settled } from './fakes.js';

describe('the outbox', () => {
  let world;
  let timers;
  let storage;
  let pictures;
  let released;
  let calls;
  let uploads;
  let outbox;

  beforeEach(() => {
    world = createOutboxWorld();
    ({ timers, storage, pictures, released } = world);
    start();
  });

  function start() {
    ({ outbox, calls, uploads } = world.createTab());
  }

  it('shows a message as sending, and lets it go when the server has it', async () => {
    const sent = [];
    outbox.sent.on((conversation, message) => sent.push([conversation, message.clientId]));
    outbox.add({ conversation: '@李雷', text: 'hello' });
    assert.equal(outbox.list('@李雷')[0].status, 'sending');
    assert.equal(calls[0].path, '/api/conversations/%40%E6%9D%8E%E9%9B%B7/messages');
    assert.deepEqual(calls[0].body, { clientId: 'id-1', text: 'hello' });
    await accept(calls[0]);
    assert.deepEqual(sent, [['@李雷', 'id-1']]);
    assert.equal(outbox.isEmpty(), true);
  });

  it('sends one at a time in a conversation, and side by side in two', async () => {
    outbox.add({ conversation: 'lobby', text: 'first' });
    outbox.add({ conversation: 'lobby', text: 'second' });
    outbox.add({ conversation: '@bob', text: 'aside' });
    assert.deepEqual(
      calls.map(({ body }) => body.text),
      ['first', 'aside'],
    );
    await accept(calls[0]);
    assert.deepEqual(
      calls.map(({ body }) => body.text),
      ['first', 'aside', 'second'],
    );
  });

  it('retries with the same clientId, waiting longer each time, and never gives up', async () => {
    outbox.add({ conversation: 'lobby', text: 'hello' });
    for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      await refuse(calls.at(-1), 'network');
      const before = calls.length;
      await timers.advance(waitMs - 1);
      assert.equal(calls.length, before);
      await timers.advance(1);
      assert.equal(calls.length, before + 1);
    }
    assert.deepEqual(new Set(calls.map(({ body }) => body.clientId)), new Set(['id-1']));
    assert.equal(outbox.list('lobby')[0].status, 'sending');
    await accept(calls.at(-1));
    assert.equal(outbox.isEmpty(), true);
  });

  it('says why it takes long, but nothing of what is over in a moment', async () => {
    const reason = () => outbox.list('lobby')[0].error?.code;
    outbox.add({ conversation: 'lobby', text: 'hello' });
    await refuse(calls[0], 'network');
    assert.equal(reason(), undefined);
    await timers.advance(1000);
    await refuse(calls[1], 'network');
    assert.equal(reason(), 'network');
    await timers.advance(2000);
    await refuse(calls[2], 'server.busy', { status: 503 });
    assert.equal(reason(), 'server.busy');
    await timers.advance(4000);
    await refuse(calls[3], 'message.tooLong', { status: 400 });
    assert.deepEqual([reason(), outbox.list('lobby')[0].status], ['message.tooLong', 'failed']);
  });

  it('keeps a message that something else has answered, and sends it when the server does', async () => {
    outbox.add({ conversation: 'lobby', text: 'hello' });
    await refuse(calls[0], 'answer.unexpected', { status: 200 });
    await timers.advance(1000);
    await refuse(calls[1], 'answer.unexpected', { status: 403 });
    const [{ status, error }] = outbox.list('lobby');
    assert.deepEqual([status, error.code], ['sending', 'answer.unexpected']);
    start();
    assert.deepEqual(calls[0].body, { clientId: 'id-1', text: 'hello' });
    await accept(calls[0]);
    assert.equal(outbox.isEmpty(), true);
  });

  it('waits as long as the server asks', async () => {
    outbox.add({ conversation: 'lobby', text: 'hello' });
    await refuse(calls[0], 'request.rateLimited', { status: 429, retryAfter: 9 });
    await timers.advance(8999);
    assert.equal(calls.length, 1);
    await timers.advance(1);
    assert.equal(calls.length, 2);
    assert.deepEqual(calls[1].body, calls[0].body);
  });

  it('waits as long as the server asks after an upload, and uploads what it refused', async () => {
    outbox.add({ conversation: 'lobby', text: 'look', file: { name: 'a.png' }, preview: 'blob:1' });
    await settled();
    uploads[0].reject(failure('request.rateLimited', { status: 429, retryAfter: 9 }));
    await settled();
    assert.equal(outbox.list('lobby')[0].error.code, 'request.rateLimited');
    await timers.advance(8999);
    assert.equal(uploads.length, 1);
    await timers.advance(1);
    uploads[1].resolve({ id: 'image-1' });
    await settled();
    assert.equal(calls[0].body.imageId, 'image-1');
  });

  it('tells a file that is gone from a connection that is', async () => {
    const whole = new File(['x'], 'a.png');
    const gone = { name: 'b.png', slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) };
    const outcomes = [];
    for (const [index, file] of [whole, gone].entries()) {
      outbox.add({ conversation: `@${index}`, text: 'look', file, preview: 'blob:1' });
      await settled();
      uploads.at(-1).reject(failure('network'));
      await settled();
      const [{ status, text, error }] = outbox.list(`@${index}`);
      outcomes.push([status, text, error?.code]);
    }
    assert.deepEqual(outcomes, [
      ['sending', 'look', undefined],
      ['failed', 'look', 'outbox.pictureLost'],
    ]);
  });

  it('keeps the words of a picture for which there is no room', async () => {
    outbox.add({ conversation: 'lobby', text: 'look', file: { name: 'a.png' }, preview: 'blob:1' });
    await settled();
    uploads[0].reject(failure('image.quotaExceeded', { status: 413 }));
    await settled();
    await timers.advance(60_000);
    assert.equal(uploads.length, 1);
    const [{ status, text, error }] = outbox.list('lobby');
    assert.deepEqual([status, text, error.code], ['failed', 'look', 'image.quotaExceeded']);
  });

  it('waits on as the server asks when the connection is back, but not when the person does not', async () => {
    outbox.add({ conversation: 'lobby', text: 'hello' });
    await refuse(calls[0], 'server.busy', { status: 503, retryAfter: 9 });
    outbox.resume();
    await settled();
    assert.equal(calls.length, 1);
    outbox.retry('id-1');
    await settled();
    assert.equal(calls.length, 2);
  });

  it('is hurried by any tab', async () => {
    outbox.add({ conversation: 'lobby', text: 'hello' });
    const other = world.createTab({ leads: false });
    await refuse(calls[0], 'server.busy', { status: 503, retryAfter: 9 });
    tell(other.outbox);
    assert.equal(other.outbox.list('lobby')[0].error.code, 'server.busy');
    other.outbox.retry('id-1');
    await settled();
    assert.deepEqual([calls.length, other.calls.length], [2, 0]);
  });

  it('does not retry what was refused, and goes on with the next', async () => {
    outbox.add({ conversation: 'lobby', text: 'refused' });
    outbox.add({ conversation: 'lobby', text: 'good' });
    await refuse(calls[0], 'message.tooLong', { status: 400 });
    assert.equal(outbox.list('lobby')[0].error.code, 'message.tooLong');
    assert.equal(calls[1].body.text, 'good');
    outbox.resume();
    await settled();
    assert.equal(calls.length, 2);
  });

  it('tries again on request, and forgets on request', async () => {
    outbox.add({ conversation: 'lobby', text: 'hello' });
    await refuse(calls[0], 'conversation.notMember', { status: 403 });
    outbox.retry('id-1');
    assert.equal(calls[1].body.clientId, 'id-1');
    await refuse(calls[1], 'conversation.notMember', { status: 403 });
    outbox.discard('id-1');
    assert.equal(outbox.isEmpty(), true);
    assert.deepEqual(storage.keys(''), []);
  });

  it('keeps the words of a message whose clientId is taken, and tries again under another one', async () => {
    outbox.add({ conversation: 'lobby', text: 'mine', file: { name: 'a.png' }, preview: 'blob:1' });
    await settled();
    uploads[0].resolve({ id: 'image-1' });
    await settled();
    await refuse(calls[0], 'message.clientIdReused', { status: 409 });
    start();
    await settled();
    const [{ status, text }] = outbox.list('lobby');
    assert.deepEqual([status, text, calls.length], ['failed', 'mine', 0]);
    outbox.retry('id-1');
    outbox.retry('id-1');
    await settled();
    assert.deepEqual(calls[0].body, { clientId: 'id-2', imageId: 'image-1', text: 'mine' });
    start();
    await settled();
    assert.deepEqual(
      outbox.list('lobby').map(({ clientId, preview }) => [clientId, preview]),
      [['id-2', 'blob:a.png']],
    );
    assert.deepEqual([...pictures.files.keys()], ['id-2']);
    await accept(calls[0]);
    assert.deepEqual([outbox.isEmpty(), storage.keys(''), pictures.files.size], [true, [], 0]);
  });

  it('tries again under another clientId from a tab that does not lead', async () => {
    const other = world.createTab({ leads: false });
    outbox.add({ conversation: 'lobby', text: 'mine', file: { name: 'a.png' }, preview: 'blob:1' });
    await settled();
    uploads[0].resolve({ id: 'image-1' });
    await settled();
    await refuse(calls[0], 'message.clientIdReused', { status: 409 });
    tell(other.outbox);
    other.outbox.retry('id-1');
    await settled();
    tell(outbox);
    await settled();
    assert.deepEqual([calls[1].body.clientId, other.calls.length], ['id-2', 0]);
    assert.equal(outbox.list('lobby').length, 1);
  });

  it('goes on by itself when the connection is back', async () => {
    outbox.add({ conversation: 'lobby', text: 'hello' });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await refuse(calls.at(-1), 'network');
      await timers.advance(8000);
    }
    const before = calls.length;
    outbox.resume();
    await settled();
    assert.equal(calls.length, before + 1);
    await accept(calls.at(-1));
    assert.equal(outbox.isEmpty(), true);
  });

  it('survives a reload with the same clientId, for its owner only', async () => {
    outbox.add({ conversation: 'lobby', text: 'hello' });
    start();
    assert.deepEqual(calls[0].body, { clientId: 'id-1', text: 'hello' });
    outbox.start('bob');
    assert.equal(outbox.isEmpty(), true);
  });

  it('keeps what was on its way when the sign-in ends, and goes on after it', async () => {
    outbox.add({ conversation: 'lobby', text: 'hello' });
    await refuse(calls[0], 'account.signInRequired', { status: 401 });
    outbox.pause();
    await timers.advance(60_000);
    assert.equal(calls.length, 1);
    outbox.start('alice');
    assert.equal(calls[1].body.clientId, 'id-1');
  });

  it('uploads a picture once, however often the message is retried', async () => {
    outbox.add({ conversation: 'lobby', text: '', file: { name: 'a.png' }, preview: 'blob:1' });
    await settled();
    uploads[0].onProgress(0.5);
    assert.equal(outbox.list('lobby')[0].progress, 0.5);
    uploads[0].resolve({ id: 'image-1' });
    await settled();
    await refuse(calls[0], 'network');
    await timers.advance(1000);
    assert.equal(uploads.length, 1);
    assert.deepEqual(calls[1].body, { clientId: 'id-1', imageId: 'image-1' });
    await accept(calls[1]);
    assert.deepEqual(released, ['blob:1']);
  });

  it('brings pictures back after a reload, and uploads none twice', async () => {
    outbox.add({ conversation: 'lobby', text: 'look', file: { name: 'a.png' }, preview: 'blob:1' });
    await settled();
    uploads[0].resolve({ id: 'image-1' });
    await settled();
    start();
    await settled();
    assert.equal(outbox.list('lobby')[0].preview, 'blob:a.png');
    assert.equal(uploads.length, 0);
    assert.deepEqual(calls[0].body, { clientId: 'id-1', imageId: 'image-1', text: 'look' });
    await accept(calls[0]);
    assert.equal(pictures.files.size, 0);
  });

  it('tells when the browser has lost a picture', async () => {
    outbox.add({ conversation: 'lobby', text: '', file: { name: 'a.png' }, preview: 'blob:1' });
    await settled();
    pictures.files.clear();
    start();
    await settled();
    assert.equal(outbox.list('lobby')[0].error.code, 'outbox.pictureLost');
  });

  it('remembers over a reload what was refused, and why', async () => {
    outbox.add({ conversation: 'lobby', text: 'hello' });
    await refuse(calls[0], 'message.tooLong', { status: 400 });
    start();
    await settled();
    assert.equal(calls.length, 0);
    assert.equal(outbox.list('lobby')[0].error.code, 'message.tooLong');
  });

  it('is sent by the leading tab alone, and shown in all', async () => {
    const other = world.createTab({ leads: false });
    other.outbox.add({ conversation: 'lobby', text: 'from the other tab' });
    await settled();
    assert.equal(other.calls.length, 0);
    tell(outbox);
    assert.equal(calls[0].body.text, 'from the other tab');
    const heard = [];
    other.outbox.sent.on((conversation, message) => heard.push([conversation, message.clientId]));
    await accept(calls[0]);
    tell(other.outbox);
    assert.deepEqual(heard, [['lobby', 'id-1']]);
    assert.equal(other.outbox.isEmpty(), true);
    assert.deepEqual(storage.keys(''), []);
  });

  it('stops what another tab discards', async () => {
    outbox.add({ conversation: 'lobby', text: 'no, not this' });
    const other = world.createTab({ leads: false });
    other.outbox.discard('id-1');
    tell(outbox);
    await settled();
    assert.equal(calls[0].signal.aborted, true);
    assert.equal(outbox.isEmpty(), true);
  });

  it('goes on in the tab that leads next', async () => {
    const other = world.createTab({ leads: false });
    outbox.add({ conversation: 'lobby', text: 'hello' });
    tell(other.outbox);
    assert.equal(other.calls.length, 0);
    other.lead();
    assert.deepEqual(other.calls[0].body, { clientId: 'id-1', text: 'hello' });
  });

  it('sends itself what the browser would not keep', async () => {
    const full = { ...storage, set: () => false };
    const other = world.createTab({ leads: false, storage: full });
    other.outbox.add({ conversation: 'lobby', text: 'hello' });
    assert.equal(other.calls.length, 1);
  });

  it('keeps the order over a reload, also where the clock was set back in between', () => {
    mock.timers.enable({ apis: ['Date'], now: 7_200_000 });
    outbox.add({ conversation: 'lobby', text: 'first' });
    mock.timers.setTime(3_600_000);
    outbox.add({ conversation: 'lobby', text: 'second' });
    start();
    outbox.add({ conversation: 'lobby', text: 'third' });
    start();
    mock.timers.reset();
    assert.deepEqual(
      outbox.list('lobby').map(({ text }) => text),
      ['first', 'second', 'third'],
    );
  });

  it('leaves nothing behind when it is cleared', async () => {
    outbox.add({ conversation: 'lobby', text: '', file: { name: 'a.png' }, preview: 'blob:1' });
    await settled();
    outbox.clear();
    await settled();
    assert.deepEqual([storage.keys(''), pictures.files.size, released], [[], 0, ['blob:1']]);
  });
});
