import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMessages } from '../js/messages/messages.js';
import {
  answerOf,
  createAnsweredRequest,
  createFakeTimers,
  createHeldRequest,
  failure,
  messageOf,
  range,
  seqsOf,
  settled,
} from './fakes.js';

const path = '/api/conversations/lobby/messages';

// A conversation as the server holds it, with every call answered from it.
function createServer(count) {
  const held = range(1, count).map((seq) => messageOf(seq));
  const server = { held, version: count, newPageSize: 500 };
  const { request, calls } = createAnsweredRequest((call) => {
    const url = new URL(call.path, 'http://server');
    return url.pathname.endsWith('/history') ? history(url) : changes(url);
  });

  function history(url) {
    const before = Number(url.searchParams.get('before') ?? Infinity);
    const all = held.filter(({ seq }) => seq < before);
    const limit = Number(url.searchParams.get('limit'));
    return answerOf({ messages: all.slice(-limit), hasMore: all.length > limit });
  }

  function changes(url) {
    const after = Number(url.searchParams.get('after'));
    const all = held.filter(({ version }) => version > after).sort((a, b) => a.version - b.version);
    const messages = all.slice(0, server.newPageSize);
    const hasMore = all.length > messages.length;
    return answerOf({ messages, version: hasMore ? messages.at(-1).version : server.version, hasMore });
  }

  server.change = (seq, changed) => {
    server.version += 1;
    held[seq - 1] = { ...messageOf(seq), ...changed, version: server.version };
  };
  return Object.assign(server, {
    request,
    calls,
    messages: createMessages({ id: 'lobby', request, timers: createFakeTimers() }),
  });
}

describe('the messages of a conversation', () => {
  it('load the latest page with the version known before', async () => {
    const { messages, calls } = createServer(80);
    await messages.follow(80);
    assert.deepEqual(seqsOf(messages.list()), range(31, 80));
    assert.deepEqual(
      calls.map((call) => call.path),
      [`${path}/history?limit=50`],
    );
  });

  it('ask for nothing when the version is the one that they have', async () => {
    const { messages, calls } = createServer(5);
    await messages.follow(5);
    await messages.follow(5);
    assert.equal(calls.length, 1);
  });

  it('miss nothing that changed between the version and the first page', async () => {
    const server = createServer(5);
    server.change(2, { text: 'edited meanwhile' });
    await server.messages.follow(5);
    await server.messages.follow(server.version);
    assert.equal(server.calls[1].path, `${path}/new?after=5&limit=200`);
    assert.equal(server.messages.find(2).text, 'edited meanwhile');
  });

  it('fetch changes until there are no more', async () => {
    const server = createServer(5);
    await server.messages.follow(5);
    range(6, 12).forEach((seq) => server.change(seq, {}));
    server.newPageSize = 3;
    await server.messages.follow(12);
    assert.deepEqual(seqsOf(server.messages.list()), range(1, 12));
    assert.deepEqual(
      server.calls.slice(1).map((call) => new URL(call.path, 'http://server').searchParams.get('after')),
      ['5', '8', '11'],
    );
  });

  it('follow once at a time, and go on with the newest version', async () => {
    const { request, calls } = createHeldRequest();
    const messages = createMessages({ id: 'lobby', request, timers: createFakeTimers() });
    messages.follow(1);
    messages.follow(2);
    messages.follow(3);
    assert.equal(calls.length, 1);
    calls[0].resolve(answerOf({ messages: [messageOf(1)], hasMore: false }));
    await settled();
    assert.equal(calls.length, 2);
    calls[1].resolve(answerOf({ messages: [messageOf(2), messageOf(3)], version: 3, hasMore: false }));
    await settled();
    assert.deepEqual(seqsOf(messages.list()), [1, 2, 3]);
    assert.equal(calls.length, 2);
  });

  it('are loaded afresh when the numbers of the server went back', async () => {
    const server = createServer(9);
    await server.messages.follow(9);
    server.held.splice(4);
    server.version = 4;
    await server.messages.follow(4);
    assert.deepEqual(seqsOf(server.messages.list()), range(1, 4));
  });

  it('are loaded afresh after a long absence', async () => {
    const server = createServer(10);
    await server.messages.follow(10);
    range(11, 600).forEach((seq) => server.change(seq, {}));
    await server.messages.follow(600);
    assert.deepEqual(seqsOf(server.messages.list()), range(551, 600));
    assert.equal(server.calls.length, 2);
  });

  it('show an own message once, whichever answer brings it first', async () => {
    const server = createServer(3);
    await server.messages.follow(3);
    server.change(4, { sender: { username: 'bob', displayName: 'Bob' } });
    server.change(5, { text: 'mine' });
    server.messages.accept(server.held[4]);
    assert.deepEqual(seqsOf(server.messages.list()), [1, 2, 3, 5]);
    await server.messages.follow(5);
    assert.deepEqual(seqsOf(server.messages.list()), range(1, 5));
  });

  it('load older pages one after another', async () => {
    const { messages, calls } = createServer(120);
    await messages.follow(120);
    await Promise.all([messages.loadOlder(), messages.loadOlder()]);
    assert.equal(calls.length, 2);
    assert.deepEqual(seqsOf(messages.list()), range(21, 120));
    await messages.loadOlder();
    assert.deepEqual(seqsOf(messages.list()), range(1, 120));
    await messages.loadOlder();
    assert.equal(calls.length, 3);
  });

  it('say that an older page failed, until it is asked for again', async () => {
    const { request, calls } = createHeldRequest();
    const messages = createMessages({ id: 'lobby', request, timers: createFakeTimers() });
    messages.follow(9);
    calls[0].resolve(answerOf({ messages: [messageOf(9)], hasMore: true }));
    await settled();
    const failed = messages.loadOlder();
    calls[1].reject(failure('network'));
    await failed;
    assert.equal(messages.olderError().code, 'network');
    assert.equal(messages.isLoadingOlder(), false);
    const retried = messages.loadOlder();
    assert.equal(messages.olderError(), null);
    calls[2].resolve(answerOf({ messages: [messageOf(8)], hasMore: false }));
    await retried;
    assert.deepEqual(seqsOf(messages.list()), [8, 9]);
  });

  it('drop an older page that no longer meets the window', async () => {
    const { request, calls } = createHeldRequest();
    const messages = createMessages({ id: 'lobby', request, timers: createFakeTimers() });
    messages.follow(120);
    calls[0].resolve(answerOf({ messages: range(71, 120).map((seq) => messageOf(seq)), hasMore: true }));
    await settled();
    messages.loadOlder();
    messages.keepLatest(10);
    calls[1].resolve(answerOf({ messages: range(21, 70).map((seq) => messageOf(seq)), hasMore: true }));
    await settled();
    assert.deepEqual(seqsOf(messages.list()), range(111, 120));
  });

  it('try again after a failure', async () => {
    let isDown = true;
    const { request } = createAnsweredRequest(() => {
      if (isDown) {
        throw failure('network');
      }
      return answerOf({ messages: [messageOf(1)], hasMore: false });
    });
    const messages = createMessages({ id: 'lobby', request, timers: createFakeTimers() });
    await messages.follow(1);
    assert.equal(messages.error().code, 'network');
    isDown = false;
    await messages.follow(1);
    assert.equal(messages.error(), null);
    assert.deepEqual(seqsOf(messages.list()), [1]);
  });

  it('wait as long as a busy server asks before they try again', async () => {
    const timers = createFakeTimers();
    const { request, calls } = createHeldRequest();
    const messages = createMessages({ id: 'lobby', request, timers, random: () => 0 });
    messages.follow(1);
    calls[0].reject(failure('server.busy', { status: 503, retryAfter: 3 }));
    await settled();
    messages.follow(2);
    await timers.advance(2999);
    messages.follow(2);
    assert.equal(calls.length, 1);
    await timers.advance(1);
    messages.follow(2);
    assert.equal(calls.length, 2);
  });
});

describe('the messages of a conversation with many unread', () => {
  const unreadAfter = 1000;

  async function open(count = 5000) {
    const server = createServer(count);
    await server.messages.follow(count, { unreadAfter, lastSeq: count });
    return server;
  }

  it('begin around the first unread one, with one request', async () => {
    const { messages, calls } = await open();
    assert.deepEqual(seqsOf(messages.list()), range(976, 1075));
    assert.deepEqual(
      calls.map((call) => call.path),
      [`${path}/history?before=1076&limit=100`],
    );
    assert.deepEqual([messages.hasOlder(), messages.hasNewer()], [true, true]);
  });

  it('begin at the end when a page reaches from there to the first unread one', async () => {
    const { messages } = await open(1075);
    assert.deepEqual([messages.list().at(0).seq, messages.hasNewer()], [976, false]);
  });

  it('begin there too when most of them came after the poll', async () => {
    const { messages, calls } = createServer(1300);
    await messages.follow(1020, { unreadAfter, lastSeq: 1020 });
    assert.deepEqual(seqsOf(messages.list()), range(976, 1075));
    assert.deepEqual([messages.hasOlder(), messages.hasNewer()], [true, true]);
    assert.equal(calls.length, 2);
  });

  it('go on page by page to the end, and then with what is new', async () => {
    const server = await open(1200);
    server.messages.loadNewer();
    server.messages.loadNewer();
    await settled();
    assert.equal(server.calls.length, 2);
    assert.deepEqual(seqsOf(server.messages.list()), range(976, 1175));
    server.change(1201, {});
    await server.messages.follow(server.version);
    assert.equal(server.messages.newestSeq(), 1175);
    server.messages.loadNewer();
    await settled();
    assert.deepEqual([server.messages.newestSeq(), server.messages.hasNewer()], [1201, false]);
    server.change(1202, {});
    await server.messages.follow(server.version);
    assert.deepEqual(seqsOf(server.messages.list()), range(976, 1202));
  });

  it('jump to the end, and keep only that', async () => {
    const { messages } = await open();
    await messages.toLatest();
    assert.deepEqual(seqsOf(messages.list()), range(4951, 5000));
    assert.deepEqual([messages.hasOlder(), messages.hasNewer()], [true, false]);
  });

  it('lose nothing that comes while the last page is on its way', async () => {
    for (const goDown of ['loadNewer', 'toLatest']) {
      const { request, calls } = createHeldRequest();
      const messages = createMessages({ id: 'lobby', request, timers: createFakeTimers() });
      const answer = (...seqs) =>
        answerOf({ messages: range(...seqs).map((seq) => messageOf(seq)), hasMore: true });
      messages.follow(120, { unreadAfter: 25, lastSeq: 120 });
      calls[0].resolve(answer(1, 100));
      await settled();
      messages[goDown]();
      await settled();
      messages.follow(122);
      const changes = [messageOf(110, { version: 121, text: 'edited' }), messageOf(121, { version: 122 })];
      calls[2].resolve(answerOf({ messages: changes, version: 122, hasMore: false }));
      await settled();
      calls[1].resolve(goDown === 'loadNewer' ? answer(101, 120) : answer(71, 120));
      await settled();
      assert.equal(messages.newestSeq(), 121, goDown);
      assert.equal(messages.find(110).text, 'edited', goDown);
      assert.equal(messages.hasNewer(), false, goDown);
    }
  });

  it('say that the way down failed, and try it again with the next poll', async () => {
    const { request, calls } = createHeldRequest();
    const messages = createMessages({ id: 'lobby', request, timers: createFakeTimers() });
    messages.follow(500, { unreadAfter: 25, lastSeq: 500 });
    calls[0].resolve(answerOf({ messages: range(1, 100).map((seq) => messageOf(seq)), hasMore: false }));
    await settled();
    messages.loadNewer();
    calls[1].reject(failure('network'));
    await settled();
    assert.equal(messages.newerError().code, 'network');
    messages.follow(500);
    assert.equal(calls[2].path, `${path}/history?before=201&limit=100`);
    assert.equal(messages.newerError(), null);
  });
});
