import { createOutbox } from './outbox.js';
import { createPictureStore } from './picture_store.js';
import { createUpload } from './upload.js';

export function createSending({ signInRequired, ...given }) {
  const upload = createUpload({
    XMLHttpRequest: window.XMLHttpRequest,
    timers: given.timers,
    onSignInRequired: signInRequired.emit,
  });
  const pictures = createPictureStore(() => window.indexedDB);
  return { outbox: createOutbox({ ...given, upload, pictures }) };
}
