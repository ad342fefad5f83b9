import en from 'emoji-picker-element/i18n/en.js';
import zh from 'emoji-picker-element/i18n/zh_CN.js';
import Picker from 'emoji-picker-element/picker.js';

const words = { en, zh };

// Loaded when somebody first opens it, with the library and then its data.
export function createPicker(language, onChosen) {
  const dataSource = `lib/emoji/data/${language}.json`;
  const picker = new Picker({ locale: language, dataSource, i18n: words[language] });
  adoptStyles(picker.shadowRoot);
  picker.addEventListener('emoji-click', ({ detail }) => onChosen(detail.unicode));
  return picker;
}

// The policy of the page refuses style elements; a style sheet that a script has made is allowed.
function adoptStyles(shadowRoot) {
  const style = shadowRoot.querySelector('style');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style.textContent);
  shadowRoot.adoptedStyleSheets = [sheet];
  style.remove();
}
