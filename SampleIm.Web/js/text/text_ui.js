import $ from 'jquery/slim';
import { pageLanguage, text } from './text.js';

// Elements name their texts by key: data-text, data-text-label and data-text-placeholder.
export function applyTexts($root) {
  $root.find('[data-text]').each((_, element) => {
    $(element).text(text(element.dataset.text));
  });
  $root.find('[data-text-label]').each((_, element) => setLabel($(element), text(element.dataset.textLabel)));
  $root.find('[data-text-placeholder]').each((_, element) => {
    $(element).attr('placeholder', text(element.dataset.textPlaceholder));
  });
}

export function applyLanguage() {
  document.documentElement.lang = pageLanguage();
  applyTexts($(document.body));
}

// Buttons that show an icon only tell their name on hovering as well.
export function setLabel($element, label) {
  $element.attr('aria-label', label);
  if ($element.is('.icon-button')) {
    $element.attr('title', label);
  }
}
