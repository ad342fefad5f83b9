const answerTimeoutMs = 15_000;
// Nobody comes back later than this; and a timer of more than 24 days would ring at once.
const longestRetryAfter = 3600;

const codeByStatus = {
  401: 'account.signInRequired',
  404: 'request.unknownPath',
  405: 'request.methodNotAllowed',
  408: 'request.timeout',
  413: 'request.tooLarge',
  415: 'request.unsupportedMediaType',
  429: 'request.rateLimited',
  503: 'server.busy',
};

const passingStatuses = [408, 429];

export class RequestError extends Error {
  constructor({ status = 0, code, errors = {}, retryAfter = null }, options) {
    super(code, options);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }

  // Worth the same request again: nothing in it was refused, the server could not take it just now.
  get isPassing() {
    return this.code === 'network' || this.status >= 500 || passingStatuses.includes(this.status);
  }
}

export function toRequestError(status, bodyText, retryAfterText) {
  const problem = parseJson(bodyText) ?? {};
  return new RequestError({
    status,
    code: typeof problem.code === 'string' ? problem.code : codeOfStatus(status),
    errors: problem.errors ?? {},
    retryAfter: secondsOf(retryAfterText),
  });
}

export function createRequest({ fetch, onSignInRequired = () => {}, onServerTime = () => {} }) {
  return async function request(method, path, { body, headers = {}, signal } = {}) {
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    const { response, bodyText } = await exchange(fetch, path, {
      method,
      headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'same-origin',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    }).catch((error) => {
      throw new RequestError({ code: signal?.aborted ? 'aborted' : 'network' }, { cause: error });
    });
    onServerTime(response.headers.get('Date'));
    if (!response.ok && response.status !== 304) {
      throw reported(toRequestError(response.status, bodyText, response.headers.get('Retry-After')));
    }
    return { status: response.status, headers: response.headers, body: parseJson(bodyText) };
  };

  function reported(error) {
    if (error.code === 'account.signInRequired') {
      onSignInRequired();
    }
    return error;
  }
}

// In seconds. The header may hold a date instead, which is of no use where clocks differ.
function secondsOf(headerText) {
  const seconds = Number(headerText ?? NaN);
  return seconds >= 0 ? Math.min(seconds, longestRetryAfter) : null;
}

// The body belongs to the exchange: a connection cut in the middle of it is a network failure as well.
async function exchange(fetch, path, options) {
  const response = await fetch(path, options);
  return { response, bodyText: await response.text() };
}

function parseJson(bodyText) {
  try {
    return JSON.parse(bodyText);
  } catch {
    return null;
  }
}

function codeOfStatus(status) {
  return codeByStatus[status] ?? (status >= 500 ? 'server.error' : 'request.invalid');
}
