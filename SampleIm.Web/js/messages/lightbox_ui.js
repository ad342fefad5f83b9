import $ from 'jquery/slim';
import { text } from '../text/text.js';
import { setLabel } from '../text/text_ui.js';

const closestOfNatural = 3;

// Pictures large: the arrows go through those of the conversation, a click or + and - zoom, Esc closes.
export function initLightbox({ openTalk }) {
  const dialog = $('.js-lightbox')[0];
  const $frame = $('.js-lightbox-frame');
  const $image = $('.js-lightbox-image');
  let pictures = [];
  let index = 0;
  let zoom = 1;
  let fittedWidthPx = 0;

  function open(button) {
    pictures = picturesOf(openTalk.current());
    const { url } = button.dataset;
    index = pictures.findIndex((picture) => picture.url === url);
    if (index < 0) {
      pictures = [{ url, sender: '' }];
      index = 0;
    }
    dialog.showModal();
    show();
  }

  function show() {
    const { url, sender } = pictures[index];
    $image.attr({
      src: url,
      alt: sender ? text('message.pictureFrom', { sender }) : text('message.picture'),
    });
    $('.js-lightbox-previous').prop('hidden', index === 0);
    $('.js-lightbox-next').prop('hidden', index === pictures.length - 1);
    $('.js-lightbox-place').text(
      pictures.length > 1 ? text('lightbox.place', { n: index + 1, count: pictures.length }) : '',
    );
    setZoom(1);
  }

  function go(step) {
    if (pictures[index + step]) {
      index += step;
      show();
    }
  }

  function setZoom(next, { x = 0.5, y = 0.5 } = {}) {
    fittedWidthPx = zoom === 1 ? $image[0].getBoundingClientRect().width : fittedWidthPx;
    zoom = Math.max(1, Math.min(closestZoom(), next));
    $frame.toggleClass('lightbox__frame--zoomed', zoom > 1);
    $image[0].style.width = zoom > 1 ? `${zoom * fittedWidthPx}px` : '';
    const frame = $frame[0];
    frame.scrollLeft = x * frame.scrollWidth - frame.clientWidth / 2;
    frame.scrollTop = y * frame.scrollHeight - frame.clientHeight / 2;
    setLabel($('.js-lightbox-zoom'), text(zoom > 1 ? 'lightbox.zoomOut' : 'lightbox.zoomIn'));
    $('.js-lightbox-zoom-icon').attr('href', `img/icons.svg#${zoom > 1 ? 'zoom-out' : 'zoom'}`);
  }

  // A picture that has not arrived has no width yet, and stays as it is.
  function closestZoom() {
    const { naturalWidth } = $image[0];
    return naturalWidth > 0 ? (closestOfNatural * naturalWidth) / fittedWidthPx : 1;
  }

  function onImage(event) {
    event.stopPropagation();
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const point = { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
    setZoom(zoom > 1 ? 1 : 2, point);
  }

  function onKey(event) {
    const action = {
      ArrowLeft: () => go(-1),
      ArrowRight: () => go(1),
      '+': () => setZoom(zoom * 2),
      '=': () => setZoom(zoom * 2),
      '-': () => setZoom(zoom / 2),
    }[event.key];
    if (action && !(zoom > 1 && event.key.startsWith('Arrow'))) {
      event.preventDefault();
      action();
    }
  }

  $('.js-log-rows').on('click', '.js-picture', (event) => open(event.currentTarget));
  $('.js-lightbox-previous').on('click', () => go(-1));
  $('.js-lightbox-next').on('click', () => go(1));
  $('.js-lightbox-zoom').on('click', () => setZoom(zoom > 1 ? 1 : 2));
  $('.js-lightbox-close').on('click', () => dialog.close());
  $image.on('click', onImage);
  $frame.on('click', () => dialog.close());
  $(dialog).on('keydown', onKey);
  $(dialog).on('close', () => $image.removeAttr('src'));
  openTalk.changed.on(() => dialog.close());
}

function picturesOf({ messages }) {
  return messages
    .list()
    .filter(({ image, recalledAt }) => image && !recalledAt)
    .map(({ image, sender }) => ({ url: image.url, sender: sender.displayName }));
}
