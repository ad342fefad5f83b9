import { createEvent } from './event.js';

const themes = ['system', 'light', 'dark'];
const languages = ['en', 'zh'];

export function createPreferences({ storage, browserLanguages }) {
  const changed = createEvent();
  let theme = known(themes, storage.get('sampleim.theme')) ?? 'system';
  let language = known(languages, storage.get('sampleim.language')) ?? firstSpoken(browserLanguages);

  function nextTheme() {
    theme = after(themes, theme);
    storage.set('sampleim.theme', theme);
    changed.emit();
  }

  function nextLanguage() {
    language = after(languages, language);
    storage.set('sampleim.language', language);
    changed.emit();
  }

  return { changed, nextTheme, nextLanguage, theme: () => theme, language: () => language };
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
