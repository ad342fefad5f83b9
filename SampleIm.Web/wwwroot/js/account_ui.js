import $ from '../lib/jquery.slim.module.min.js';
import { fieldsOf } from './account.js';
import { errorText, text } from './text.js';

let $signin;
let $signup;
let isSignUp = false;
let shownError = null;

export function initAccount({ account, preferences }) {
  $signin = $('.js-signin-form');
  $signup = $('.js-signup-form');
  $('.js-show-signup').on('click', () => switchForm(true));
  $('.js-show-signin').on('click', () => switchForm(false));
  onSubmit($signin, (values) => account.signIn(values));
  onSubmit($signup, (values) => account.signUp(values));
  preferences.changed.on(() => showTexts(account));
  account.changed.on(() => showView(account));
}

function showView(account) {
  const isSignedIn = account.current() !== null;
  $('.js-account').prop('hidden', isSignedIn);
  $('.js-chat').prop('hidden', !isSignedIn);
  clearForms();
  if (!isSignedIn) {
    isSignUp = false;
    showTexts(account);
    $signin.find('[name=username]').trigger('focus');
  }
}

function clearForms() {
  $signin[0].reset();
  $signup[0].reset();
  clearErrors($signin);
  clearErrors($signup);
}

function switchForm(toSignUp) {
  isSignUp = toSignUp;
  clearErrors($signin);
  clearErrors($signup);
  showForm();
  const $form = toSignUp ? $signup : $signin;
  $form.find('[name=username]').trigger('focus');
}

function showTexts(account) {
  showForm();
  if (shownError) {
    showError(shownError.$form, shownError.error);
  } else if (account.hasExpired()) {
    showNotice(text('account.expired'));
  }
}

function showForm() {
  $signin.prop('hidden', isSignUp);
  $signup.prop('hidden', !isSignUp);
  $('.js-account-title').text(text(isSignUp ? 'account.signUpTitle' : 'account.signInTitle'));
  $('.js-account-lead').text(text(isSignUp ? 'account.signUpLead' : 'account.signInLead'));
}

function onSubmit($form, send) {
  $form.on('submit', async (event) => {
    event.preventDefault();
    clearErrors($form);
    const values = valuesOf($form);
    if (!isComplete($form, values) || $form.is('[aria-busy=true]')) {
      return;
    }
    setBusy($form, true);
    try {
      await send(values);
    } catch (error) {
      showError($form, error);
    } finally {
      setBusy($form, false);
    }
  });
}

function valuesOf($form) {
  const values = Object.fromEntries(new FormData($form[0]));
  return { ...values, rememberMe: values.rememberMe === 'on' };
}

function isComplete($form, values) {
  const missing = ['username', 'password'].filter((field) => !values[field]);
  missing.forEach((field) => showFieldError($form, field, text(`account.${field}Missing`)));
  focusFirstInvalid($form);
  return missing.length === 0;
}

function setBusy($form, isBusy) {
  $form.attr('aria-busy', isBusy).find('[type=submit]').prop('disabled', isBusy);
}

function showError($form, error) {
  clearErrors($form);
  shownError = { $form, error };
  const fields = fieldsOf(error).filter((field) => fieldError($form, field).length > 0);
  fields.forEach((field) => showFieldError($form, field, errorText(error)));
  if (fields.length === 0) {
    showNotice(errorText(error));
  }
  focusFirstInvalid($form);
}

function showFieldError($form, field, message) {
  const $error = fieldError($form, field).text(message);
  const $input = $form.find(`[name=${field}]`);
  $input.attr({ 'aria-invalid': 'true', 'aria-errormessage': $error.attr('id') });
}

function fieldError($form, field) {
  return $form.find('.js-field-error').filter((_, element) => element.dataset.field === field);
}

function focusFirstInvalid($form) {
  $form.find('[aria-invalid=true]').first().trigger('focus');
}

function showNotice(message) {
  $('.js-account-notice').text(message).prop('hidden', false);
}

function clearErrors($form) {
  shownError = null;
  $('.js-account-notice').text('').prop('hidden', true);
  $form.find('.js-field-error').text('');
  $form.find('[aria-invalid]').removeAttr('aria-invalid aria-errormessage');
}
