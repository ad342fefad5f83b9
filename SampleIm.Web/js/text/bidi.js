const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Mandaic}\p{Script=Samaritan}\p{Script=Hanifi_Rohingya}]/u;
// What sets the direction of the words around it, and what may end that.
const turning = /[\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;
const isolates = /[\u2066-\u2069]/gu;
const firstIsolate = '\u2068';
const endOfIsolate = '\u2069';

// A value inside another text (a title, a notification, a label): its direction must not move the words beside it. Where
// nothing in it is written from right to left it cannot, and stays as it is.
export function isolated(value) {
  if (!rightToLeft.test(value) && !turning.test(value)) {
    return value;
  }
  const inside = isBalanced(value) ? value : value.replace(isolates, '');
  return firstIsolate + inside + endOfIsolate;
}

// As the attribute `dir="auto"` decides it, for a text that stands behind other words in one element.
export function directionOf(words) {
  const first = words.match(/\p{L}/u);
  return first && rightToLeft.test(first[0]) ? 'rtl' : 'ltr';
}

// With one end too many a value would end the isolate that is put around it; with one too few it would keep it open.
function isBalanced(value) {
  let depth = 0;
  for (const [mark] of value.matchAll(isolates)) {
    depth += mark === endOfIsolate ? -1 : 1;
    if (depth < 0) {
      return false;
    }
  }
  return depth === 0;
}
