import $ from 'jquery/slim';
import { showUserAvatar } from '../people/avatar_ui.js';
import { createForm } from '../session/form_ui.js';
import { toast } from '../shell/notice_ui.js';
import { text } from '../text/text.js';

const switches = ['sound', 'notifications', 'originals'];

// One's own account and what one has chosen on this browser.
export function initSettings({ account, preferences, notifier, signOut }) {
  const dialog = $('.js-settings')[0];
  const $profile = $('.js-profile-form');
  const $password = $('.js-password-form');
  const profile = createForm($profile, { $notice: $('.js-profile-notice'), send: saveProfile });
  const password = createForm($password, {
    $notice: $('.js-password-notice'),
    required: { currentPassword: 'settings.currentPasswordMissing', password: 'settings.newPasswordMissing' },
    send: changePassword,
  });

  function open() {
    profile.reset();
    password.reset();
    fillProfile();
    showChoices();
    dialog.showModal();
    $('.js-settings-title').trigger('focus');
  }

  function fillProfile() {
    const me = account.current();
    $profile.find('[name=displayName]').val(me.displayName);
    $profile.find('[name=email]').val(me.email ?? '');
    $profile.find('[name=bio]').val(me.bio);
    // For the browser's password manager, which asks whose password it is.
    $('.js-password-username').val(me.username);
    showUserAvatar($('.js-settings-avatar'), me);
    $('.js-settings-username').text(`@${me.username}`);
  }

  async function saveProfile(values) {
    await account.saveProfile(values);
    fillProfile();
    toast(text('settings.saved'));
  }

  async function changePassword(values) {
    await account.changePassword(values);
    password.reset();
    toast(text('settings.passwordChanged'));
  }

  function showChoices() {
    $('.js-choice').each((_, input) => {
      input.checked = preferences[input.name]() === input.value;
    });
    switches.forEach((name) => $(`.js-switch-${name}`).prop('checked', preferences[name]()));
    $('.js-notifications-note').prop('hidden', notifier.canNotify());
    $('.js-switch-notifications').prop('disabled', !notifier.canNotify());
    if (!notifier.isAllowed()) {
      $('.js-switch-notifications').prop('checked', false);
    }
  }

  // The browser asks the person; a no there is a no here.
  async function chooseNotifications(isOn) {
    preferences.choose('notifications', isOn && (await notifier.askPermission()));
    showChoices();
  }

  $('.js-settings-open').on('click', open);
  $('.js-settings-close').on('click', () => dialog.close());
  $('.js-settings-sign-out').on('click', () => {
    dialog.close();
    signOut();
  });
  $('.js-choice').on('change', ({ target }) => preferences.choose(target.name, target.value));
  $('.js-switch-sound, .js-switch-originals').on('change', ({ target }) => {
    preferences.choose(target.name, target.checked);
  });
  $('.js-switch-notifications').on('change', ({ target }) => chooseNotifications(target.checked));
  preferences.changed.on(() => {
    showChoices();
    profile.translate();
    password.translate();
  });
  account.changed.on(() => dialog.close());
}
