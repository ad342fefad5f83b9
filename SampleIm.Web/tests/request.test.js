import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRequest, RequestError } from '../wwwroot/js/request.js';

function requestAnswering(answer) {
  const calls = [];
  const signInsRequired = [];
  const fetch = async (path, options) => {
    calls.push({ path, ...options });
    return answer(options);
  };
  const request = createRequest({ fetch, onSignInRequired: () => signInsRequired.push(true) });
  return { request, calls, signInsRequired };
}

function problem(status, body, headers = {}) {
  return () => new Response(JSON.stringify(body), { status, headers });
}

describe('the request wrapper', () => {
  it('sends and reads JSON', async () => {
    const { request, calls } = requestAnswering(() => Response.json({ seq: 1 }, { status: 201 }));
    const answer = await request('POST', '/api/x', { body: { text: 'hello' } });
    assert.deepEqual(answer.body, { seq: 1 });
    assert.equal(answer.status, 201);
    assert.equal(calls[0].body, '{"text":"hello"}');
    assert.equal(calls[0].headers['Content-Type'], 'application/json');
  });

  it('tells what time the server has, whatever it answers', async () => {
    const times = [];
    const headers = { Date: 'Fri, 20 Nov 2026 03:46:00 GMT' };
    const answers = [200, 304, 503].map(
      (status) => new Response(status === 304 ? null : '{}', { status, headers }),
    );
    const fetch = async () => answers.shift();
    const request = createRequest({ fetch, onServerTime: (time) => times.push(time) });
    await request('GET', '/api/x');
    await request('GET', '/api/x');
    await assert.rejects(request('GET', '/api/x'));
    assert.deepEqual(times, Array(3).fill(headers.Date));
  });

  it('takes 204 and 304 as answers without a body', async () => {
    for (const status of [204, 304]) {
      const { request } = requestAnswering(() => new Response(null, { status }));
      assert.deepEqual((await request('GET', '/api/x')).body, null);
    }
  });

  it('makes a problem an error with its code, fields and delay', async () => {
    const body = { code: 'account.locked', errors: { password: ['no'] } };
    const { request } = requestAnswering(problem(429, body, { 'Retry-After': '300' }));
    await assert.rejects(request('GET', '/api/x'), (error) => {
      assert.equal(error.status, 429);
      assert.equal(error.code, 'account.locked');
      assert.deepEqual(error.errors, { password: ['no'] });
      assert.equal(error.retryAfter, 300);
      assert.equal(error.isPassing, true);
      return true;
    });
  });

  it('knows what is worth the same request again', () => {
    const passing = [0, 400, 403, 404, 408, 409, 413, 429, 500, 503, 507].filter(
      (status) => new RequestError({ status, code: 'any' }).isPassing,
    );
    assert.deepEqual(passing, [408, 429, 500, 503, 507]);
  });

  it('takes from Retry-After what it can wait for', async () => {
    const retryAfterOf = async (text) => {
      const { request } = requestAnswering(problem(503, {}, text === null ? {} : { 'Retry-After': text }));
      return request('GET', '/api/x').catch(({ retryAfter }) => retryAfter);
    };
    assert.equal(await retryAfterOf('0'), 0);
    assert.equal(await retryAfterOf('1.5'), 1.5);
    assert.equal(await retryAfterOf('99999999'), 3600);
    for (const text of [null, '-1', 'Fri, 20 Nov 2026 09:00:00 GMT', 'soon']) {
      assert.equal(await retryAfterOf(text), null, text);
    }
  });

  it('names a code for an answer that is no problem', async () => {
    const codeByStatus = {
      502: 'server.error',
      503: 'server.busy',
      408: 'request.timeout',
      413: 'request.tooLarge',
      400: 'request.invalid',
    };
    for (const [status, code] of Object.entries(codeByStatus)) {
      const { request } = requestAnswering(() => new Response('<html>', { status: Number(status) }));
      await assert.rejects(request('GET', '/api/x'), { code });
    }
  });

  it('tells a lost connection by the code network', async () => {
    const { request } = requestAnswering(() => {
      throw new TypeError('Failed to fetch');
    });
    await assert.rejects(request('GET', '/api/x'), { code: 'network', isPassing: true });
  });

  it('tells a body that was cut off by the code network', async () => {
    const cut = new ReadableStream({ start: (controller) => controller.error(new Error('reset')) });
    const { request } = requestAnswering(() => new Response(cut));
    await assert.rejects(request('GET', '/api/x'), { code: 'network' });
  });

  it('tells what the page itself took back', async () => {
    const stop = new AbortController();
    const { request } = requestAnswering((options) => {
      stop.abort();
      throw options.signal.reason;
    });
    await assert.rejects(request('GET', '/api/x', { signal: stop.signal }), { code: 'aborted' });
  });

  it('reports an ended sign-in, but not a wrong password', async () => {
    const ended = requestAnswering(problem(401, { code: 'account.signInRequired' }));
    await assert.rejects(ended.request('GET', '/api/x'));
    assert.equal(ended.signInsRequired.length, 1);
    const wrong = requestAnswering(problem(401, { code: 'account.badCredentials' }));
    await assert.rejects(wrong.request('POST', '/api/account/login'));
    assert.equal(wrong.signInsRequired.length, 0);
  });
});
