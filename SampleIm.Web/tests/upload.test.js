import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createUpload } from '../js/outbox/upload.js';
import { createFakeTimers, settled } from './fakes.js';

class FakeExchange {
  upload = {};
  isAborted = false;

  constructor() {
    FakeExchange.latest = this;
  }

  open(method, path) {
    this.responseURL = `http://chat.example${path}`;
  }

  send() {
    this.isSent = true;
  }

  abort() {
    this.isAborted = true;
    this.onabort();
    this.onloadend();
  }

  answer(status, body, type = 'application/json') {
    this.status = status;
    this.responseText = typeof body === 'string' ? body : JSON.stringify(body);
    this.headers = new Headers({ 'Content-Type': type });
    this.onload();
    this.onloadend();
  }

  getResponseHeader(name) {
    return this.headers.get(name);
  }
}

describe('an upload', () => {
  let timers;
  let controller;
  let progress;
  let outcome;
  let signInsRequired;

  beforeEach(() => {
    timers = createFakeTimers();
    controller = new AbortController();
    progress = [];
    signInsRequired = 0;
    FakeExchange.latest = null;
  });

  function begin() {
    const onSignInRequired = () => (signInsRequired += 1);
    const upload = createUpload({ XMLHttpRequest: FakeExchange, timers, onSignInRequired });
    const expects = { 201: { id: '' } };
    const options = { expects, signal: controller.signal, onProgress: (part) => progress.push(part) };
    outcome = upload('/api/images', new Blob(['x']), options).catch((error) => error);
  }

  it('may take long as long as it gets on', async () => {
    begin();
    for (const loaded of [1, 2, 3]) {
      await timers.advance(29_000);
      FakeExchange.latest.upload.onprogress({ loaded, total: 4 });
    }
    assert.deepEqual(progress, [0.25, 0.5, 0.75]);
    FakeExchange.latest.answer(201, { id: 'image-1' });
    assert.deepEqual(await outcome, { id: 'image-1' });
    assert.equal(timers.armedCount(), 0);
  });

  it('fails for a passing reason when it stands still', async () => {
    begin();
    await timers.advance(20_000);
    FakeExchange.latest.upload.onprogress({ loaded: 1, total: 4 });
    await timers.advance(29_999);
    assert.equal(FakeExchange.latest.isAborted, false);
    await timers.advance(1);
    assert.equal(FakeExchange.latest.isAborted, true);
    const error = await outcome;
    assert.deepEqual([error.code, error.isPassing], ['network', true]);
  });

  it('is done by nothing but the promised answer', async () => {
    const strange = [
      [201, '<h1>Sign in</h1>', 'text/html'],
      [201, ''],
      [201, '{"id":'],
      [201, { url: '/media/1' }],
      [200, { id: 'image-1' }],
      [401, '<h1>Sign in</h1>', 'text/html'],
    ];
    for (const answer of strange) {
      begin();
      FakeExchange.latest.answer(...answer);
      const error = await outcome;
      assert.deepEqual([error.code, error.isPassing], ['answer.unexpected', true], String(answer));
    }
    begin();
    FakeExchange.latest.responseURL = 'http://chat.example/sign-in';
    FakeExchange.latest.answer(201, { id: 'image-1' });
    assert.equal((await outcome).code, 'answer.unexpected');
    assert.equal(signInsRequired, 0);
  });

  it('reports an ended sign-in', async () => {
    begin();
    FakeExchange.latest.answer(401, { code: 'account.signInRequired' }, 'application/problem+json');
    assert.equal((await outcome).code, 'account.signInRequired');
    assert.equal(signInsRequired, 1);
  });

  it('tells its end on request from a standstill', async () => {
    begin();
    controller.abort();
    assert.equal((await outcome).code, 'aborted');
    assert.equal(timers.armedCount(), 0);
  });

  it('does not begin when its end was asked for before', async () => {
    controller.abort();
    begin();
    await settled();
    assert.equal((await outcome).code, 'aborted');
    assert.equal(FakeExchange.latest, null);
  });
});
