import $ from 'jquery/slim';
import * as format from '../text/format.js';
import { showRows } from '../shell/rows_ui.js';
import { $fromTemplate } from '../shell/template_ui.js';
import { locale, text } from '../text/text.js';

// Pictures come by the button, by paste and by drop.
export function initPictures({ composer, preferences }) {
  const onPaste = (event) => {
    const { clipboardData } = event.originalEvent;
    if (!isStyledText(clipboardData)) {
      take(event, clipboardData, composer);
    }
  };
  const $input = $('.js-picture-input');
  $('.js-picture-button').on('click', () => $input[0].click());
  $input.on('change', () => {
    composer.addPictures(Array.from($input[0].files));
    $input.val('');
    $('.js-composer-text').trigger('focus');
  });
  $('.js-composer-text').on('paste', onPaste);
  initDrop($('.js-talk'), composer);
  $('.js-originals').on('change', ({ target }) => preferences.choose('originals', target.checked));
  preferences.changed.on(() => $('.js-originals').prop('checked', preferences.originals()));
  $('.js-originals').prop('checked', preferences.originals());
  $('.js-pictures').on('click', '.js-picture-remove', (event) => {
    const { key } = event.currentTarget.closest('[data-key]').dataset;
    composer.removePicture(composer.pictures().find((picture) => picture.preview === key));
    $('.js-composer-text').trigger('focus');
  });
}

export function showPictures(composer, limits) {
  const entries = composer.pictures().map((picture) => {
    const isTooLarge = composer.isTooLarge(picture);
    const value = { file: picture.original, preview: picture.preview, isTooLarge };
    return { key: picture.preview, value, signature: `${locale()}|${isTooLarge}` };
  });
  $('.js-picture-tray').prop('hidden', entries.length === 0 || composer.edited() !== null);
  const hasTooLarge = entries.some(({ value }) => value.isTooLarge);
  const words = () => text('composer.pictureTooLarge', { size: format.size(limits.current().imageBytes) });
  $('.js-picture-note').text(hasTooLarge ? words() : '');
  showRows($('.js-pictures'), entries, $drawPicture);
}

function $drawPicture({ value: { file, preview, isTooLarge } }) {
  const $picture = $fromTemplate('picture').toggleClass('picture--too-large', isTooLarge);
  $picture.find('.js-picture-image').attr({ src: preview, alt: file.name });
  return $picture;
}

function carriesFiles({ originalEvent }) {
  return originalEvent.dataTransfer.types.includes('Files');
}

function initDrop($talk, composer) {
  $talk.on('dragover', (event) => {
    if (carriesFiles(event)) {
      event.preventDefault();
      $talk.addClass('pane--drop');
    }
  });
  $talk.on('dragleave drop', () => $talk.removeClass('pane--drop'));
  $talk.on('drop', (event) => take(event, event.originalEvent.dataTransfer, composer));
  // Beside the talk the browser would leave the chat for the file.
  $(document).on('dragover drop', (event) => {
    if (carriesFiles(event) && !$talk[0].contains(event.target)) {
      event.preventDefault();
      event.originalEvent.dataTransfer.dropEffect = 'none';
    }
  });
}

// Text with its looks (of an office program, say) may carry a picture of itself: then the text is what is meant. The plain
// text beside a file is its name only.
function isStyledText({ types }) {
  return types.includes('text/plain') && (types.includes('text/html') || types.includes('text/rtf'));
}

function take(event, { files }, composer) {
  if (files.length > 0) {
    event.preventDefault();
    composer.addPictures(Array.from(files));
  }
}
