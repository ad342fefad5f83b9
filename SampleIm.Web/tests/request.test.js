import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestError } from '../js/session/answer.js';
import { createRequest } from '../js/session/request.js';

const expects = { 200: {} };

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

function problemOf(status, body, headers = {}) {
  const type = { 'Content-Type': 'application/problem+json' };
  return new Response(JSON.stringify(body), { status, headers: { ...type, ...headers } });
}

function problem(...answer) {
  return () => problemOf(...answer);
}

function pageOf(status, body = '<h1>Sign in</h1>') {
  return new Response(body, { status, headers: { 'Content-Type': 'text/html' } });
}

describe('the request wrapper', () => {
  it('sends and reads JSON', async () => {
    const { request, calls } = requestAnswering(() => Response.json({ seq: 1 }, { status: 201 }));
    const answer = await request('POST', '/api/x', { expects: { 201: { seq: 1 } }, body: { text: 'hello' } });
    assert.deepEqual(answer.body, { seq: 1 });
    assert.equal(answer.status, 201);
    assert.equal(calls[0].body, '{"text":"hello"}');
    assert.equal(calls[0].headers['Content-Type'], 'application/json');
  });

  it('tells what time the server has, whatever it answers, and not what time others have', async () => {
    const times = [];
    const headers = { Date: 'Fri, 20 Nov 2026 03:46:00 GMT' };
    const answers = [
      Response.json({}, { headers }),
      new Response(null, { status: 304, headers }),
      problemOf(503, { code: 'server.busy' }, headers),
      new Response('<h1>', { headers: { ...headers, 'Content-Type': 'text/html' } }),
    ];
    const fetch = async () => answers.shift();
    const request = createRequest({ fetch, onServerTime: (time) => times.push(time) });
    const ask = () => request('GET', '/api/x', { expects: { 200: {}, 304: null } });
    await ask();
    await ask();
    await assert.rejects(ask());
    await assert.rejects(ask());
    assert.deepEqual(times, Array(3).fill(headers.Date));
  });

  it('takes 204 and 304 as answers without a body', async () => {
    for (const status of [204, 304]) {
      const { request } = requestAnswering(() => new Response(null, { status }));
      assert.deepEqual((await request('GET', '/api/x', { expects: { [status]: null } })).body, null);
    }
  });

  it('takes no answer for success that is not the one it was promised', async () => {
    const json = { 'Content-Type': 'application/json' };
    const page = { 200: { messages: [], hasMore: false } };
    const none = { 204: null };
    const strange = [
      ['a sign-in page of the network', page, pageOf(200)],
      ['the same where nothing was promised', none, pageOf(200)],
      ['a page in the place of a new message', { 201: { seq: 1 } }, pageOf(201)],
      ['JSON that says it is a page', page, pageOf(200, '{"messages":[],"hasMore":false}')],
      ['no body', page, new Response('', { headers: json })],
      ['nothing at all', page, new Response(null, { status: 204 })],
      ['"unchanged" that nobody asked for', page, new Response(null, { status: 304 })],
      ['another success', { 201: { seq: 1 } }, Response.json({ seq: 1 })],
      ['half of the JSON', page, new Response('{"messages":[', { headers: json })],
      ['a list', page, Response.json([])],
      ['null', page, Response.json(null)],
      ['a text', page, Response.json('ok')],
      ['other fields', page, Response.json({ status: 'ok' })],
      ['a field of another kind', page, Response.json({ messages: {}, hasMore: false })],
      [
        'a field of a field that is missing',
        { 200: { images: { maxBytes: 1 } } },
        Response.json({ images: {} }),
      ],
      ['a field that is null', page, Response.json({ messages: null, hasMore: false })],
    ];
    for (const [name, promised, answer] of strange) {
      const { request } = requestAnswering(() => answer);
      const error = await request('POST', '/api/x', { expects: promised }).catch((thrown) => thrown);
      assert.deepEqual([error.code, error.isPassing], ['answer.unexpected', true], name);
    }
  });

  it('takes no refusal for the server’s that is not a problem of the API', async () => {
    for (const status of [301, 302, 400, 401, 403, 404, 405, 407, 415, 451]) {
      for (const answer of [pageOf(status), Response.json({ code: 'account.signInRequired' }, { status })]) {
        const { request, signInsRequired } = requestAnswering(() => answer);
        await assert.rejects(request('GET', '/api/x', { expects }), {
          code: 'answer.unexpected',
          isPassing: true,
        });
        assert.equal(signInsRequired.length, 0);
      }
    }
  });

  it('follows no redirect', async () => {
    const redirected = { status: 0, type: 'opaqueredirect', headers: new Headers(), text: async () => '' };
    const { request, calls } = requestAnswering(() => redirected);
    await assert.rejects(request('POST', '/api/x', { expects }), { code: 'answer.unexpected' });
    assert.equal(calls[0].redirect, 'manual');
  });

  it('makes a problem an error with its code, fields and delay', async () => {
    const body = { code: 'account.locked', errors: { password: ['no'] } };
    const { request } = requestAnswering(problem(429, body, { 'Retry-After': '300' }));
    await assert.rejects(request('GET', '/api/x', { expects }), (error) => {
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
      return request('GET', '/api/x', { expects }).catch(({ retryAfter }) => retryAfter);
    };
    assert.equal(await retryAfterOf('0'), 0);
    assert.equal(await retryAfterOf('1.5'), 1.5);
    assert.equal(await retryAfterOf('99999999'), 3600);
    for (const text of [null, '-1', 'Fri, 20 Nov 2026 09:00:00 GMT', 'soon']) {
      assert.equal(await retryAfterOf(text), null, text);
    }
  });

  it('names a code for what a proxy says of the request or of the server', async () => {
    const codeByStatus = {
      502: 'server.error',
      503: 'server.busy',
      408: 'request.timeout',
      413: 'request.tooLarge',
      429: 'request.rateLimited',
    };
    for (const [status, code] of Object.entries(codeByStatus)) {
      const { request } = requestAnswering(() => pageOf(Number(status)));
      await assert.rejects(request('GET', '/api/x', { expects }), { code });
    }
  });

  it('tells a lost connection by the code network', async () => {
    const { request } = requestAnswering(() => {
      throw new TypeError('Failed to fetch');
    });
    await assert.rejects(request('GET', '/api/x', { expects }), { code: 'network', isPassing: true });
  });

  it('tells a body that was cut off by the code network', async () => {
    const cut = new ReadableStream({ start: (controller) => controller.error(new Error('reset')) });
    const { request } = requestAnswering(() => new Response(cut));
    await assert.rejects(request('GET', '/api/x', { expects }), { code: 'network' });
  });

  it('tells what the page itself took back', async () => {
    const stop = new AbortController();
    const { request } = requestAnswering((options) => {
      stop.abort();
      throw options.signal.reason;
    });
    await assert.rejects(request('GET', '/api/x', { expects, signal: stop.signal }), { code: 'aborted' });
  });

  it('reports an ended sign-in, but not a wrong password', async () => {
    const ended = requestAnswering(problem(401, { code: 'account.signInRequired' }));
    await assert.rejects(ended.request('GET', '/api/x', { expects }));
    assert.equal(ended.signInsRequired.length, 1);
    const wrong = requestAnswering(problem(401, { code: 'account.badCredentials' }));
    await assert.rejects(wrong.request('POST', '/api/account/login', { expects }));
    assert.equal(wrong.signInsRequired.length, 0);
  });
});
