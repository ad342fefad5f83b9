import { readAnswer, RequestError } from '../session/answer.js';

const longestSilenceMs = 30_000;

// fetch tells nothing about the progress of what it sends; XMLHttpRequest does. `expects` is what `readAnswer` takes.
export function createUpload({ XMLHttpRequest, timers, onSignInRequired }) {
  return function upload(path, file, { expects, onProgress, signal }) {
    return new Promise((resolve, reject) => {
      const fail = (code) => reject(new RequestError({ code }));
      // Before the start there is no request yet that could tell of its end.
      if (signal.aborted) {
        fail('aborted');
        return;
      }
      const exchange = new XMLHttpRequest();
      exchange.open('POST', path);
      const silence = watchSilence(exchange);
      exchange.upload.onprogress = (event) => {
        silence.begin();
        onProgress(event.loaded / event.total);
      };
      exchange.onload = () => settle(exchange, { path, expects }, resolve, reject);
      exchange.onerror = () => fail('network');
      exchange.onabort = () => fail(signal.aborted ? 'aborted' : 'network');
      exchange.onloadend = silence.end;
      signal.addEventListener('abort', () => exchange.abort(), { once: true });
      silence.begin();
      exchange.send(formOf(file));
    });
  };

  // A picture may take minutes over a slow line, so that only a standstill tells of a dead one.
  function watchSilence(exchange) {
    let timer = null;
    const end = () => timers.clearTimeout(timer);
    const begin = () => {
      end();
      timer = timers.setTimeout(() => exchange.abort(), longestSilenceMs);
    };
    return { begin, end };
  }

  function settle(exchange, { path, expects }, resolve, reject) {
    try {
      resolve(bodyOf(exchange, { path, expects }));
    } catch (error) {
      if (error.code === 'account.signInRequired') {
        onSignInRequired();
      }
      reject(error);
    }
  }
}

function bodyOf(exchange, { path, expects }) {
  // It follows redirects by itself, and tells where it has come to.
  if (new URL(exchange.responseURL).pathname !== path) {
    throw new RequestError({ status: exchange.status, code: 'answer.unexpected' });
  }
  return readAnswer(expects, {
    status: exchange.status,
    contentType: exchange.getResponseHeader('Content-Type'),
    retryAfter: exchange.getResponseHeader('Retry-After'),
    bodyText: exchange.responseText,
  });
}

function formOf(file) {
  const form = new FormData();
  form.append('file', file);
  return form;
}
