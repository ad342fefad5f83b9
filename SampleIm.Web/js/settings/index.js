import { createPreferences } from './preferences.js';
import { initPreferences } from './preferences_ui.js';

export { initSettings } from './settings_ui.js';

export function createSettings({ storage }) {
  const preferences = createPreferences({ storage, browserLanguages: navigator.languages });
  initPreferences({ preferences });
  return { preferences };
}
