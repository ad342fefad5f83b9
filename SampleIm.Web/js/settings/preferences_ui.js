import $ from 'jquery/slim';
import { setLanguage, text } from '../text/text.js';
import { applyLanguage, setLabel } from '../text/text_ui.js';

export function initPreferences({ preferences }) {
  $('.js-theme').on('click', preferences.nextTheme);
  $('.js-language').on('click', preferences.nextLanguage);
  preferences.changed.on(() => apply(preferences));
  apply(preferences);
}

function apply(preferences) {
  setLanguage(preferences.language(), navigator.languages);
  applyLanguage();
  $('.js-language').text(text('language.other')).attr('title', text('language.switch'));
  $('.js-theme').each((_, button) => setLabel($(button), text(`theme.${preferences.theme()}`)));
  applyTheme(preferences.theme());
}

function applyTheme(theme) {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}
