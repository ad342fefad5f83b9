import $ from 'jquery/slim';
import { canEdit } from '../messages/message_menu_ui.js';
import { hasModifier } from '../shell/modifiers.js';
import { toastError } from '../shell/notice_ui.js';
import { showPictures } from './pictures_ui.js';
import { text } from '../text/text.js';
import { setLabel } from '../text/text_ui.js';

const remainingShownBelow = 200;

export function initComposer({ composer, limits, openTalk, account, log }) {
  const $text = $('.js-composer-text');
  let isSaving = false;

  function show() {
    if ($text.val() !== composer.text()) {
      $text.val(composer.text());
    }
    grow($text[0]);
    const isEditing = composer.edited() !== null;
    $('.js-edit-bar').prop('hidden', !isEditing);
    $('.js-picture-button').prop('hidden', isEditing);
    setLabel($('.js-send'), text(isEditing ? 'composer.save' : 'composer.send'));
    $('.js-send').prop('disabled', !composer.canSubmit());
    $('.js-remaining')
      .text(remainingText(composer.remaining()))
      .toggleClass('composer__remaining--excess', composer.remaining() < 0);
    showPictures(composer, limits);
    // A text that takes the place of another is gone for a moment: the log was taller then, and moved, as if by its reader.
    log.keepEnd();
  }

  function submit() {
    if (!composer.canSubmit()) {
      return;
    }
    if (composer.edited()) {
      save(composer.edited());
    } else {
      composer.send();
      log.toEnd();
    }
  }

  async function save(message) {
    if (composer.content() === message.text) {
      composer.endEdit();
      return;
    }
    if (isSaving) {
      return;
    }
    isSaving = true;
    try {
      await openTalk.current().messages.edit(message.seq, composer.content());
      composer.endEdit(message);
    } catch (error) {
      toastError(error);
    } finally {
      isSaving = false;
    }
  }

  function onKey(event) {
    // While an input method composes, Enter chooses a word; Safari tells so by the key code 229 only.
    if (event.originalEvent.isComposing || event.keyCode === 229) {
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey && hasKeyboard()) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && composer.edited()) {
      composer.endEdit();
    } else if (event.key === 'ArrowUp' && !hasModifier(event)) {
      editLast(event);
    }
  }

  function editLast(event) {
    if (composer.text() !== '' || composer.edited()) {
      return;
    }
    const { messages } = openTalk.current();
    // Farther up than the end nobody knows yet which one is the last.
    const last = messages.hasNewer()
      ? null
      : messages.list().findLast((message) => canEdit(message, account.current()));
    if (last) {
      event.preventDefault();
      composer.startEdit(last);
    }
  }

  composer.changed.on(show);
  composer.rejected.on(toastError);
  composer.editStarted.on(() => $text.trigger('focus'));
  $text.on('input', () => composer.setText($text.val()));
  $text.on('keydown', onKey);
  $('.js-edit-cancel').on('click', () => {
    composer.endEdit();
    $text.trigger('focus');
  });
  $('.js-composer').on('submit', (event) => {
    event.preventDefault();
    submit();
    $text.trigger('focus');
  });
}

// The keyboard on a screen has no Shift with Enter: there Enter breaks the line, and the button sends.
function hasKeyboard() {
  return !window.matchMedia('(hover: none)').matches;
}

// For browsers that do not know `field-sizing`. The form keeps its height while the text is measured:
// a log that is taller for a moment is scrolled away from its end.
function grow(textarea) {
  if (CSS.supports('field-sizing', 'content')) {
    return;
  }
  const { form } = textarea;
  form.style.minHeight = `${form.offsetHeight}px`;
  textarea.style.height = 'auto';
  textarea.style.height = `${textarea.scrollHeight}px`;
  form.style.minHeight = '';
}

function remainingText(remaining) {
  if (remaining < 0) {
    return text('composer.excess', { n: -remaining });
  }
  return remaining < remainingShownBelow ? text('composer.remaining', { n: remaining }) : '';
}
