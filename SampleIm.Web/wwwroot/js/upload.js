import { RequestError, toRequestError } from './request.js';

// fetch tells nothing about the progress of what it sends; XMLHttpRequest does.
export function createUpload({ XMLHttpRequest, onSignInRequired }) {
  return function upload(path, file, { onProgress, signal }) {
    return new Promise((resolve, reject) => {
      const exchange = new XMLHttpRequest();
      const form = new FormData();
      form.append('file', file);
      exchange.open('POST', path);
      exchange.upload.onprogress = (event) => onProgress(event.loaded / event.total);
      exchange.onload = () => settle(exchange, resolve, reject);
      exchange.onerror = () => reject(new RequestError({ code: 'network' }));
      exchange.onabort = () => reject(new RequestError({ code: 'aborted' }));
      signal.addEventListener('abort', () => exchange.abort(), { once: true });
      exchange.send(form);
    });
  };

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
