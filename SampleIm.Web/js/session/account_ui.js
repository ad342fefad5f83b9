import $ from 'jquery/slim';
import { closeDialogs } from '../shell/dialog_ui.js';
import { createForm } from './form_ui.js';
import { text } from '../text/text.js';

const required = { username: 'account.usernameMissing', password: 'account.passwordMissing' };

// The view of somebody who is not signed in: to sign in, or to make an account.
export function initAccount({ account, preferences }) {
  const $notice = $('.js-account-notice');
  const $signin = $('.js-signin-form');
  const $signup = $('.js-signup-form');
  const signin = createForm($signin, { $notice, required, send: account.signIn });
  const signup = createForm($signup, { $notice, required, send: account.signUp });
  let isSignUp = false;

  function showView() {
    const isSignedIn = account.current() !== null;
    $('.js-account').prop('hidden', isSignedIn);
    $('.js-chat').prop('hidden', !isSignedIn);
    signin.reset();
    signup.reset();
    if (!isSignedIn) {
      // Before the focus: behind an open dialog nothing takes it.
      closeDialogs();
      isSignUp = false;
      showTexts();
      const username = account.expiredUsername();
      $signin.find('[name=username]').val(username ?? '');
      $signin.find(username ? '[name=password]' : '[name=username]').trigger('focus');
    }
  }

  function switchForm(toSignUp) {
    isSignUp = toSignUp;
    signin.clear();
    signup.clear();
    showForm();
    (toSignUp ? $signup : $signin).find('[name=username]').trigger('focus');
  }

  function showForm() {
    $signin.prop('hidden', isSignUp);
    $signup.prop('hidden', !isSignUp);
    $('.js-account-title').text(text(isSignUp ? 'account.signUpTitle' : 'account.signInTitle'));
    $('.js-account-lead').text(text(isSignUp ? 'account.signUpLead' : 'account.signInLead'));
  }

  function showTexts() {
    showForm();
    if (account.hasExpired()) {
      signin.showNotice(text('account.expired'));
    }
    (isSignUp ? signup : signin).translate();
  }

  $('.js-show-signup').on('click', () => switchForm(true));
  $('.js-show-signin').on('click', () => switchForm(false));
  preferences.changed.on(() => {
    if (account.current() === null) {
      showTexts();
    }
  });
  account.changed.on(showView);
  showForm();
}
