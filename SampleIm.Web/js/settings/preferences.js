import { createEvent } from '../shell/event.js';

const themes = ['system', 'light', 'dark'];
const languages = ['en', 'zh'];

// What this browser's user has chosen; each choice is remembered.
export function createPreferences({ storage, browserLanguages }) {
  const changed = createEvent();
  const chosen = {};
  read();

  function read() {
    chosen.theme = known(themes, storage.get('sampleim.theme')) ?? 'system';
    chosen.language = known(languages, storage.get('sampleim.language')) ?? firstSpoken(browserLanguages);
    chosen.sound = storage.get('sampleim.sound') !== 'off';
    chosen.notifications = storage.get('sampleim.notifications') === 'on';
    chosen.originals = storage.get('sampleim.originals') === 'on';
  }

  function choose(name, value) {
    chosen[name] = value;
    storage.set(`sampleim.${name}`, typeof value === 'boolean' ? switchWord(value) : value);
    changed.emit();
  }

  function onStored(key) {
    if (Object.keys(chosen).some((name) => key === `sampleim.${name}`)) {
      read();
      changed.emit();
    }
  }

  return {
    changed,
    choose,
    onStored,
    nextTheme: () => choose('theme', after(themes, chosen.theme)),
    nextLanguage: () => choose('language', after(languages, chosen.language)),
    theme: () => chosen.theme,
    language: () => chosen.language,
    sound: () => chosen.sound,
    notifications: () => chosen.notifications,
    originals: () => chosen.originals,
  };
}

function switchWord(isOn) {
  return isOn ? 'on' : 'off';
}

function known(values, value) {
  return values.includes(value) ? value : null;
}

function after(values, value) {
  return values[(values.indexOf(value) + 1) % values.length];
}

function firstSpoken(browserLanguages) {
  const spoken = browserLanguages.map((tag) => tag.toLowerCase().split('-')[0]);
  return spoken.find((language) => languages.includes(language)) ?? 'en';
}
