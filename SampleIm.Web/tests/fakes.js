import assert from 'node:assert/strict';
import { createEvent } from '../js/shell/event.js';
import { RequestError } from '../js/session/answer.js';

// A clock that stands still until a test moves it.
export function createFakeTimers() {
  let nowMs = 0;
  let armed = [];

  async function advance(ms) {
    const untilMs = nowMs + ms;
    for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
      armed = armed.filter((timer) => timer !== due);
      nowMs = due.atMs;
      due.action();
      await settled();
    }
    nowMs = untilMs;
  }

  function nextDue(untilMs) {
    return armed.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  }

  return {
    advance,
    armedCount: () => armed.length,
    setTimeout(action, delayMs) {
      const timer = { action, atMs: nowMs + delayMs };
      armed.push(timer);
      return timer;
    },
    clearTimeout(timer) {
      armed = armed.filter((other) => other !== timer);
    },
  };
}

// Lets everything run that waits for nothing but promises.
export function settled() {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

// A request function that notes its calls and leaves their answers to the test.
export function createHeldRequest() {
  const calls = [];
  const request = (method, path, options) =>
    new Promise((resolve, reject) => {
      assertExpectation(options);
      calls.push({ method, path, ...options, resolve, reject });
      options.signal?.addEventListener('abort', () => reject(new RequestError({ code: 'aborted' })));
    });
  return { request, calls };
}

// A request function that notes its calls and answers them at once; what `answer` throws is the failure.
export function createAnsweredRequest(answer) {
  const calls = [];
  const request = async (method, path, options) => {
    assertExpectation(options);
    const call = { method, path, ...options };
    calls.push(call);
    return answer(call);
  };
  return { request, calls };
}

// A call that does not say what it expects would take anything for success.
function assertExpectation({ expects }) {
  const statuses = Object.keys(expects).map(Number);
  assert.ok(statuses.length > 0);
  statuses.forEach((status) => assert.equal(expects[status] === null, [204, 304].includes(status)));
}

export function answerOf(body, { status = 200, headers = {} } = {}) {
  return { status, body, headers: new Headers(headers) };
}

export function failure(code, { status = 0, retryAfter = null } = {}) {
  return new RequestError({ code, status, retryAfter });
}

export function createFakeStorage() {
  const values = new Map();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => Boolean(values.set(key, value)),
    remove: (key) => values.delete(key),
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  };
}

export function messageOf(seq, { version = seq, text = `text ${seq}`, ...rest } = {}) {
  return {
    conversation: 'lobby',
    seq,
    version,
    sender: { username: 'bob', displayName: 'Bob', avatarUrl: null },
    kind: 'text',
    text,
    image: null,
    sentAt: '2026-11-20T03:46:00.123Z',
    editedAt: null,
    recalledAt: null,
    clientId: `id-${seq}`,
    ...rest,
  };
}

export function seqsOf(messages) {
  return messages.map(({ seq }) => seq);
}

export function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

// The channels of several tabs: what one says, all the others hear.
export function createFakeHub() {
  const channels = [];

  function open() {
    const channel = { received: createEvent(), canSpeak: true, said: [] };
    channel.post = (message) => {
      channel.said.push(message);
      channels
        .filter((other) => other !== channel)
        .forEach((other) => other.received.emit(structuredClone(message)));
    };
    channel.close = () => channels.splice(channels.indexOf(channel), 1);
    channels.push(channel);
    return channel;
  }

  return { open };
}

export function createFakePictures({ isRefusing = false } = {}) {
  const files = new Map();
  return {
    files,
    put: async (id, file) => {
      if (!isRefusing) {
        files.set(id, file);
      }
      return !isRefusing;
    },
    get: async (id) => files.get(id) ?? null,
    remove: async (id) => files.delete(id),
    sweep: async () => {},
  };
}
