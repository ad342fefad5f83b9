import { fieldsOf } from './account.js';
import { errorText, text } from '../text/text.js';

// A form that says beside its fields what is wrong, and in its notice what is about the whole.
// `required` holds the text key of the complaint by field.
export function createForm($form, { $notice, required = {}, send }) {
  let shownError = null;

  async function submit(event) {
    event.preventDefault();
    clear();
    const values = valuesOf($form);
    if (!isComplete(values) || $form.is('[aria-busy=true]')) {
      return;
    }
    setBusy(true);
    try {
      await send(values);
    } catch (error) {
      showError(error);
    } finally {
      setBusy(false);
    }
  }

  function isComplete(values) {
    const missing = Object.keys(required).filter((field) => !values[field]);
    missing.forEach((field) => showFieldError(field, text(required[field])));
    focusFirstInvalid();
    return missing.length === 0;
  }

  function setBusy(isBusy) {
    $form.attr('aria-busy', isBusy).find('[type=submit]').prop('disabled', isBusy);
  }

  function showError(error) {
    clear();
    shownError = error;
    const fields = fieldsOf(error).filter((field) => $errorOf(field).length > 0);
    fields.forEach((field) => showFieldError(field, errorText(error)));
    if (fields.length === 0) {
      showNotice(errorText(error));
    }
    focusFirstInvalid();
  }

  function showFieldError(field, message) {
    const $error = $errorOf(field).text(message);
    const $input = $form.find(`[name=${field}]`);
    $input.attr({ 'aria-invalid': 'true', 'aria-errormessage': $error.attr('id') });
  }

  function $errorOf(field) {
    return $form.find('.js-field-error').filter((_, element) => element.dataset.field === field);
  }

  function focusFirstInvalid() {
    $form.find('[aria-invalid=true]').first().trigger('focus');
  }

  function showNotice(message) {
    $notice.text(message).prop('hidden', false);
  }

  function clear() {
    shownError = null;
    $notice.text('').prop('hidden', true);
    $form.find('.js-field-error').text('');
    $form.find('[aria-invalid]').removeAttr('aria-invalid aria-errormessage');
  }

  $form.on('submit', submit);

  return {
    clear,
    showNotice,
    reset: () => {
      $form[0].reset();
      clear();
    },
    // In another language now.
    translate: () => {
      if (shownError) {
        showError(shownError);
      }
    },
  };
}

function valuesOf($form) {
  const values = Object.fromEntries(new FormData($form[0]));
  // The keyboard of a phone puts a blank behind a word that it has completed.
  return { ...values, username: values.username?.trim(), rememberMe: values.rememberMe === 'on' };
}
