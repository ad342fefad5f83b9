import { createComposer } from './composer.js';
import { initComposer as initEntry } from './composer_ui.js';
import { createDrafts } from './drafts.js';
import { initEmojiPicker } from './emoji_picker_ui.js';
import { createLimits } from './limits.js';
import { asPicture } from './picture_type.js';
import { initPictures } from './pictures_ui.js';
import { previews } from './previews.js';

export { previews };

export function createWriting({ request, timers, storage, outbox, preferences, scaled }) {
  const drafts = createDrafts({ storage });
  const limits = createLimits({ request, timers });
  const composer = createComposer({ drafts, outbox, previews, asPicture, scaled, preferences, limits });
  return { drafts, limits, composer };
}

export function initComposer(stores) {
  initEntry(stores);
  initPictures(stores);
  initEmojiPicker(stores);
}
