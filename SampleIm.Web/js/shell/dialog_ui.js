import $ from 'jquery/slim';

// What was asked is answered with no.
export function closeDialogs() {
  $('dialog[open]').each((_, dialog) => dialog.close('no'));
}

// Answers whether the person agreed; Esc and "cancel" are a no.
export function ask({ title, detail, yes }) {
  const dialog = $('.js-confirm')[0];
  $('.js-confirm-title').text(title);
  $('.js-confirm-detail').text(detail);
  $('.js-confirm-yes').text(yes);
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}
