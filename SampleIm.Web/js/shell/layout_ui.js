import $ from 'jquery/slim';

const roomForPeople = '(min-width: 68.76rem)';
const roomForTwoPanes = '(min-width: 45rem)';
let lastToggle = null;

// Which pane a phone shows, and the list of people that slides in where the screen has no room for it.
export function initLayout({ account }) {
  $('.js-people-toggle').on('click', (event) => openPeople(event.currentTarget));
  $('.js-people-close, .js-scrim').on('click', closePeople);
  $('.js-people').on('click', '.js-person[href]', closePeople);
  $(document).on('keydown', (event) => {
    if (event.key === 'Escape' && isOpen()) {
      closePeople();
    }
  });
  window.matchMedia(roomForPeople).addEventListener('change', closePeople);
  account.changed.on(() => {
    if (!account.current() && isOpen()) {
      closePeople();
    }
  });
}

export function isOnePane() {
  return !window.matchMedia(roomForTwoPanes).matches;
}

export function showPane(name) {
  $('.js-chat').attr('data-pane', name);
}

function isOpen() {
  return $('.js-chat').is('[data-people]');
}

function openPeople(toggle) {
  lastToggle = toggle;
  $('.js-chat').attr('data-people', 'open');
  setBehind(true);
  $('.js-people').trigger('focus');
}

function closePeople() {
  $('.js-chat').removeAttr('data-people');
  setBehind(false);
  lastToggle?.focus();
  lastToggle = null;
}

function setBehind(isBehind) {
  $('.js-people-toggle').attr('aria-expanded', String(isBehind));
  $('.js-list, .js-talk').prop('inert', isBehind);
}
