import $ from 'jquery/slim';
import { text } from '../text/text.js';

// Shorter texts are never worth a fold, however narrow the screen is.
const fewestLines = 20;
const fewestCharacters = 500;
// A folded text has 20 lines (in bubbles.css). To hide a few more behind a button would be no gain.
const mostLinesUnfolded = 25;

export function mayBeTall(words) {
  return words.length > fewestCharacters || words.split('\n', fewestLines + 1).length > fewestLines;
}

// A very tall message shows its beginning and a button for all of it. How tall it is depends on the width of the log, so that
// it is measured: when it is drawn, and again when the log gets another width (or any, on a phone that has shown the list).
export function createLogFolds($log, $rows, { onToggle }) {
  const unfolded = new Set();
  let widthPx = 0;

  // All are measured before the first is changed, so that the browser lays the log out once.
  function measure(selector = '.js-foldable:not([data-measured])') {
    const isShown = $log[0].clientWidth > 0;
    const found = isShown ? $rows.find(selector).get() : [];
    found.map((words) => [words, isTall(words)]).forEach(([words, isOneTall]) => show(words, isOneTall));
  }

  function measureAgain() {
    if ($log[0].clientWidth !== widthPx) {
      widthPx = $log[0].clientWidth;
      measure('.js-foldable');
    }
  }

  function isTall(words) {
    return words.scrollHeight > mostLinesUnfolded * parseFloat(getComputedStyle(words).lineHeight);
  }

  function show(words, isOneTall) {
    const isFolded = isOneTall && !unfolded.has(keyOf(words));
    words.dataset.measured = '';
    words.classList.toggle('bubble__text--folded', isFolded);
    $(words)
      .siblings('.js-show-all')
      .prop('hidden', !isOneTall)
      .attr('aria-expanded', String(!isFolded))
      .text(text(isFolded ? 'message.showAll' : 'message.showLess'));
  }

  function toggle(words) {
    const key = keyOf(words);
    if (!unfolded.delete(key)) {
      unfolded.add(key);
    }
    onToggle(() => show(words, true));
    // All of it may reach far above what is left of it.
    if (!unfolded.has(key)) {
      words.closest('.js-message').scrollIntoView({ block: 'nearest' });
    }
  }

  // A link in the part that nobody sees would take the focus out of sight, or scroll what is folded.
  function unfoldFor(link) {
    const words = link.closest('.bubble__text--folded');
    const bottomOf = (element) => element.getBoundingClientRect().bottom;
    if (words && bottomOf(link) + words.scrollTop > bottomOf(words)) {
      words.scrollTop = 0;
      toggle(words);
      link.scrollIntoView({ block: 'nearest' });
    }
  }

  $rows.on('click', '.js-show-all', ({ currentTarget }) => toggle($(currentTarget).siblings('.js-text')[0]));
  $rows.on('focusin', '.js-text a', ({ currentTarget }) => unfoldFor(currentTarget));
  new ResizeObserver(measureAgain).observe($log[0]);
  return { measure: () => measure(), reset: () => unfolded.clear() };
}

function keyOf(words) {
  return words.closest('.js-message').dataset.key;
}
