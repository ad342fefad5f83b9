import $ from '../../lib/jquery.slim.module.min.js';
import { toastError } from '../shell/notice_ui.js';

const localeOf = { en: 'en', zh: 'zh_CN' };
const edgePx = 8;
let areStylesAllowed = false;

// The picker and its data are loaded when somebody first opens it.
export function initEmojiPicker({ composer, preferences }) {
  const panel = $('.js-emoji-panel')[0];
  const button = $('.js-emoji-button')[0];
  const text = $('.js-composer-text')[0];
  let shownLanguage = null;
  let loading = null;

  async function open() {
    loading ??= load(preferences.language());
    try {
      await loading;
    } catch (error) {
      panel.hidePopover();
      toastError(error);
      return;
    } finally {
      loading = null;
    }
    // On a phone the keyboard would cover the picker.
    if (window.matchMedia('(hover: hover)').matches) {
      panel.querySelector('emoji-picker').shadowRoot.querySelector('input')?.focus();
    }
  }

  async function load(language) {
    if (shownLanguage !== language) {
      panel.replaceChildren(await createPicker(language, insert));
      shownLanguage = language;
    }
  }

  function insert(emoji) {
    text.setRangeText(emoji, text.selectionStart, text.selectionEnd, 'end');
    composer.setText(text.value);
    panel.hidePopover();
    text.focus();
  }

  $(panel).on('toggle', ({ originalEvent }) => {
    const isOpen = originalEvent.newState === 'open';
    $(button).attr('aria-expanded', String(isOpen));
    if (isOpen) {
      place(panel, $('.js-composer')[0].getBoundingClientRect());
      open();
    }
  });
}

// At the end of the composer, above it.
function place(panel, { top, right }) {
  panel.style.right = `${Math.max(edgePx, window.innerWidth - right + edgePx)}px`;
  panel.style.bottom = `${window.innerHeight - top + edgePx}px`;
}

async function createPicker(language, onChosen) {
  const [{ default: Picker }, { default: i18n }] = await Promise.all([
    importPicker(),
    import(`../../lib/emoji/i18n/${localeOf[language]}.js`),
  ]);
  const picker = new Picker({ locale: language, dataSource: `lib/emoji/data/${language}.json`, i18n });
  adoptStyles(picker.shadowRoot);
  picker.addEventListener('emoji-click', ({ detail }) => onChosen(detail.unicode));
  return picker;
}

async function importPicker() {
  const picker = await import('../../lib/emoji/picker.js');
  if (!areStylesAllowed) {
    areStylesAllowed = true;
    allowStyleAttributes();
  }
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

// Style attributes are refused as well, also those that a script sets; the same through the style object is allowed.
function allowStyleAttributes() {
  const { setAttribute } = Element.prototype;
  Element.prototype.setAttribute = function setAttributeOrStyle(name, value) {
    if (name === 'style') {
      this.style.cssText = value;
    } else {
      setAttribute.call(this, name, value);
    }
  };
}
