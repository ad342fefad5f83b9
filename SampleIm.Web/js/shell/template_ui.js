import $ from 'jquery/slim';
import { applyTexts } from '../text/text_ui.js';

export function $fromTemplate(name) {
  const template = document.getElementById(`template-${name}`);
  const $root = $(template.content.firstElementChild.cloneNode(true));
  applyTexts($root);
  return $root;
}
