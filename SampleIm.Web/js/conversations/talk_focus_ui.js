import $ from 'jquery/slim';

let placeWhenAsked = null;

// On a phone the keyboard would cover half of what one came to read.
export function focusTalk() {
  const hasKeyboard = window.matchMedia('(hover: hover)').matches;
  $(hasKeyboard ? '.js-composer-text' : '.js-talk-title').trigger('focus');
}

// Somebody has asked for a conversation, from where the focus is now.
export function noteFocus() {
  placeWhenAsked = placeOf(document.activeElement);
}

// An answer may come late. Anyone who searches meanwhile must not find their words, and the next Enter, in the talk.
export function focusTalkUnlessLeft() {
  const place = placeOf(document.activeElement);
  if (place === null || place === placeWhenAsked) {
    focusTalk();
  }
}

// A row that is drawn again is the same place. Where nothing has the focus there is nothing to take it from.
function placeOf(element) {
  if (element === null || element === document.body) {
    return null;
  }
  return element.closest('[data-key]')?.dataset.key ?? element;
}
