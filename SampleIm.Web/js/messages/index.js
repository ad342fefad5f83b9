import { initLightbox } from './lightbox_ui.js';
import { initLogKeys } from './log_keys_ui.js';
import { initMessageMenu } from './message_menu_ui.js';
import { initMessages as initLog } from './messages_ui.js';
import { createOpenTalk } from './open_talk.js';

export { scaled } from './photo.js';

export function createMessages(given) {
  return { openTalk: createOpenTalk(given) };
}

// Answers the log of the open conversation.
export function initMessages(stores) {
  initLogKeys({ messageMenu: initMessageMenu(stores) });
  initLightbox(stores);
  return initLog(stores);
}
