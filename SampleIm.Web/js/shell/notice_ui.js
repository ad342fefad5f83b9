import $ from 'jquery/slim';
import { $fromTemplate } from './template_ui.js';
import { errorText, retryText } from '../text/text.js';

const toastMs = 6000;
// One failed poll is a blink; the next one is worth a word.
const failuresUntilNotice = 2;
let shown = { failures: 0, error: null };

export function initConnectionNotice({ preferences, tryNow }) {
  preferences.changed.on(() => showConnection(shown));
  $('.js-connection-retry').on('click', tryNow);
}

// Of the poll, and before it begins of the question who is signed in.
export function showConnection(connection) {
  shown = connection;
  const { failures, error } = connection;
  const isLost = failures >= failuresUntilNotice;
  $('.js-connection').prop('hidden', !isLost);
  if (isLost) {
    $('.js-connection-text').text(retryText(error));
  }
}

export function toastError(error) {
  // The sign-in view, which comes up then, says it itself.
  if (error.code === 'account.signInRequired') {
    return;
  }
  toast(errorText(error));
}

// A dialog has a place of its own for it: the rest of the page rests behind an open one.
export function toast(words) {
  const $toast = $fromTemplate('toast').text(words);
  const $inDialog = $('dialog[open] .js-dialog-toasts');
  ($inDialog.length > 0 ? $inDialog : $('.js-toasts')).append($toast);
  setTimeout(() => $toast.remove(), toastMs);
}
