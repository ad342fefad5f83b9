import { initMe } from './me_ui.js';
import { createPresence } from './presence.js';
import { initPresence } from './presence_ui.js';

export function createPeople() {
  return { presence: createPresence() };
}

export function initPeople(stores) {
  initPresence(stores);
  initMe(stores);
}
