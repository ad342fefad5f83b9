export const hueCount = 10;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

// The colour follows the name without regard to case, so that it is the same on every page and device.
export function hueOf(username) {
  let hash = 2166136261;
  for (const character of username.toLowerCase()) {
    hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  }
  return (hash >>> 0) % hueCount;
}

export function initialsOf(name) {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const first = firstGrapheme(words[0] ?? '?');
  const second = words.length > 1 && isAlphabetic(first) ? firstGrapheme(words.at(-1)) : '';
  return (first + second).toLocaleUpperCase();
}

// Without the dozens of marks that some put above a letter: they would leave the circle.
function firstGrapheme(word) {
  const { segment } = segmenter.segment(word)[Symbol.iterator]().next().value;
  return segment.replace(/(\p{M}{4})\p{M}+/gu, '$1');
}

// Two ideographs would not fit the circle, and one is enough to tell people apart.
function isAlphabetic(grapheme) {
  return /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(grapheme);
}
