import $ from 'jquery/slim';
import { ask } from '../shell/dialog_ui.js';
import { toastError } from '../shell/notice_ui.js';
import { text } from '../text/text.js';

const gapPx = 6;

// One menu for all messages: opened at the button of a message, by mouse, touch or keyboard.
export function initMessageMenu({ openTalk, account, composer, total }) {
  const menu = $('.js-message-menu')[0];
  let message = null;
  let returnTo = null;

  function open(row, button) {
    returnTo = row;
    message = openTalk.current().messages.find(Number(row.dataset.seq));
    $('.js-menu-edit').prop('hidden', !canEdit(message, account.current()));
    menu.showPopover();
    place(menu, button.getBoundingClientRect());
    menuItems()[0].focus();
  }

  // By keyboard, or by the secondary button of the mouse.
  function openAt(row) {
    const button = $(row).find('.js-message-actions').not('[hidden]')[0];
    if (button) {
      open(row, button);
    }
  }

  function onToggle({ originalEvent }) {
    if (originalEvent.newState === 'closed' && menu.contains(document.activeElement)) {
      returnTo.focus();
    }
  }

  function edit() {
    menu.hidePopover();
    composer.startEdit(message);
  }

  async function recall() {
    menu.hidePopover();
    const { messages } = openTalk.current();
    const { seq } = message;
    const agreed = await ask({
      title: text('message.recallTitle'),
      detail: text('message.recallDetail'),
      yes: text('message.recall'),
    });
    if (!agreed) {
      return;
    }
    try {
      await messages.recall(seq);
      total.pollNow();
    } catch (error) {
      toastError(error);
    }
  }

  $('.js-log-rows').on('click', '.js-message-actions', ({ currentTarget }) => {
    open(currentTarget.closest('.js-message'), currentTarget);
  });
  $('.js-menu-edit').on('click', edit);
  $('.js-menu-recall').on('click', recall);
  $(menu).on('keydown', (event) => onMenuKey(event, menu));
  $(menu).on('beforetoggle', onToggle);

  return { openAt };
}

export function canEdit(message, me) {
  return message.kind === 'text' && !message.recalledAt && message.sender.username === me.username;
}

function onMenuKey(event, menu) {
  const items = menuItems();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const next = items.indexOf(document.activeElement) + step;
    items[(next + items.length) % items.length].focus();
  } else if (event.key === 'Tab') {
    menu.hidePopover();
  }
}

function menuItems() {
  return $('.js-message-menu [role=menuitem]').not('[hidden]').get();
}

function place(menu, { left, top, bottom }) {
  const { offsetWidth, offsetHeight } = menu;
  const fitsBelow = bottom + gapPx + offsetHeight < window.innerHeight;
  const shownTop = fitsBelow ? bottom + gapPx : top - gapPx - offsetHeight;
  menu.style.left = `${Math.max(gapPx, Math.min(left, window.innerWidth - offsetWidth - gapPx))}px`;
  menu.style.top = `${shownTop}px`;
}
