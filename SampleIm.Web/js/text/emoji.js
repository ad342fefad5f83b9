const mostShownLarge = 12;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
// A flag of two letters, a key with its cap, or pictures joined to one, with the letters of a region (🏴󠁧󠁢󠁥󠁮󠁧󠁿) behind them.
const emoji =
  /^(?:\p{RI}{2}|[\d#*]\ufe0f?\u20e3|\p{ExtPict}[\ufe0f\p{EMod}]?(?:\u200d\p{ExtPict}[\ufe0f\p{EMod}]?)*[\u{e0020}-\u{e007f}]*)$/u;
// Characters as © are text unless something more makes a picture of them.
const textAlone = /^(?!\p{EPres})\p{ExtPict}$/u;

// Counted in what one sees: a family is one emoji and eleven UTF-16 units. One after the other, so that no text takes long.
export function isOnlyEmoji(textOfMessage) {
  let count = 0;
  for (const { segment } of segmenter.segment(textOfMessage)) {
    if (/\S/u.test(segment)) {
      count += 1;
      if (count > mostShownLarge || !emoji.test(segment) || textAlone.test(segment)) {
        return false;
      }
    }
  }
  return count > 0;
}
