const jsonType = 'application/json';
const problemType = 'application/problem+json';
// Nobody comes back later than this; and a timer of more than 24 days would ring at once.
const longestRetryAfter = 3600;

// What stands between here and the server answers these as well, with a body of its own, and means what the server means by them.
const codeByStatus = {
  408: 'request.timeout',
  413: 'request.tooLarge',
  429: 'request.rateLimited',
  503: 'server.busy',
};

const passingCodes = ['network', 'answer.unexpected'];
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
    return passingCodes.includes(this.code) || this.status >= 500 || passingStatuses.includes(this.status);
  }
}

// Reads an answer as the API gives it, or throws what it is instead. `expects` holds, by each status that the call promises, an
// example of the JSON that comes with it, or null where no body comes. A network that wants a sign-in first answers in the
// server's place, with any status and a page of its own: that is not the API's answer, and what was asked for has not happened.
export function readAnswer(expects, { status, contentType, retryAfter, bodyText }) {
  if (!Object.hasOwn(expects, status)) {
    throw refusalOf({ status, contentType, retryAfter, bodyText });
  }
  if (expects[status] === null) {
    return null;
  }
  const body = isOfType(contentType, jsonType) ? parseJson(bodyText) : null;
  if (!isLike(expects[status], body)) {
    throw new RequestError({ status, code: 'answer.unexpected' });
  }
  return body;
}

function refusalOf({ status, contentType, retryAfter, bodyText }) {
  const problem = isOfType(contentType, problemType) ? parseJson(bodyText) : null;
  const isProblem = status >= 400 && typeof problem?.code === 'string';
  return new RequestError({
    status,
    code: isProblem ? problem.code : codeOfStatus(status),
    errors: (isProblem && problem.errors) || {},
    retryAfter: secondsOf(retryAfter),
  });
}

function codeOfStatus(status) {
  return codeByStatus[status] ?? (status >= 500 ? 'server.error' : 'answer.unexpected');
}

// Each field of the example is there, of the same kind.
function isLike(example, value) {
  return (
    kindOf(value) === kindOf(example) &&
    (typeof example !== 'object' ||
      Object.keys(example).every((field) => isLike(example[field], value[field])))
  );
}

function kindOf(value) {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'list' : typeof value;
}

function isOfType(contentType, type) {
  return (contentType ?? '').split(';')[0].trim().toLowerCase() === type;
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// In seconds. The header may hold a date instead, which is of no use where clocks differ.
function secondsOf(headerText) {
  const seconds = Number(headerText ?? NaN);
  return seconds >= 0 ? Math.min(seconds, longestRetryAfter) : null;
}
