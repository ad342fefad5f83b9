import { RequestError, toRequestError } from './request.js';

const longestSilenceMs = 30_000;

// fetch tells nothing about the progress of what it sends; XMLHttpRequest does.
export function createUpload({ XMLHttpRequest, timers, onSignInRequired }) {
  return function upload(path, file, { onProgress, signal }) {
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
      exchange.onload = () => settle(exchange, resolve, reject);
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

  function settle(exchange, resolve, reject) {
    if (exchange.status === 201) {
      resolve(JSON.parse(exchange.responseText));
      return;
    }
    const error = toRequestError(
      exchange.status,
      exchange.responseText,
      exchange.getResponseHeader('Retry-After'),
    );
    if (error.code === 'account.signInRequired') {
      onSignInRequired();
    }
    reject(error);
  }
}

function formOf(file) {
  const form = new FormData();
  form.append('file', file);
  return form;
}
