import $ from 'jquery/slim';
import { toastError } from '../shell/notice_ui.js';

const edgePx = 8;

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
      const { createPicker } = await import('./emoji_picker.js');
      panel.replaceChildren(createPicker(language, insert));
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
