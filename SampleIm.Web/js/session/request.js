import { readAnswer, RequestError } from './answer.js';

const answerTimeoutMs = 15_000;

// Every call says what it expects, as `readAnswer` takes it.
export function createRequest({ fetch, onSignInRequired = () => {}, onServerTime = () => {} }) {
  return async function request(method, path, { expects, body, headers = {}, signal }) {
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    const { response, bodyText } = await exchange(fetch, path, {
      method,
      headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'same-origin',
      // The API never redirects. What does is another server, which must not get a password or a message.
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    }).catch((error) => {
      throw new RequestError({ code: signal?.aborted ? 'aborted' : 'network' }, { cause: error });
    });
    return { status: response.status, headers: response.headers, body: read(expects, response, bodyText) };
  };

  function read(expects, { status, headers }, bodyText) {
    const contentType = headers.get('Content-Type');
    const retryAfter = headers.get('Retry-After');
    try {
      const body = readAnswer(expects, { status, contentType, retryAfter, bodyText });
      onServerTime(headers.get('Date'));
      return body;
    } catch (error) {
      if (error.code !== 'answer.unexpected') {
        onServerTime(headers.get('Date'));
      }
      if (error.code === 'account.signInRequired') {
        onSignInRequired();
      }
      throw error;
    }
  }
}

// The body belongs to the exchange: a connection cut in the middle of it is a network failure as well.
async function exchange(fetch, path, options) {
  const response = await fetch(path, options);
  return { response, bodyText: await response.text() };
}
