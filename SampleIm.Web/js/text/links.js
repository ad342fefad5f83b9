const start = /https?:\/\//giu;
// Nobody sees these, or they turn the text around: a link that held one would lead elsewhere than it says.
const unseen = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
// What closes a quotation or a sentence in some script. ASCII is looked at by itself.
const foreignPunctuation = /[^\P{P}\p{ASCII}]|[\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/u;
// Parts of words and names: the variation selector of an emoji, hyphens, middle dots, and the marks of Hebrew abbreviations.
const inWords = /[\ufe0f\u2010-\u2013\u05be\u05f3\u05f4\u00b7\u30fb]/u;
const stopInAscii = /[<>"`\\]/u;
const trailing = new Set(".,:;!?'*~([{");
const openerOf = { ')': '(', ']': '[', '}': '{' };

// Splits a text into plain parts and web addresses; only http and https become links. No library that was looked at ends
// a link where Chinese goes on without a blank and before a character that nobody sees. Each character is looked at once:
// after a link, or what was none, the search goes on behind it.
export function partsOf(textOfMessage) {
  const parts = [];
  let plainFrom = 0;
  start.lastIndex = 0;
  for (let match = start.exec(textOfMessage); match; match = start.exec(textOfMessage)) {
    const end = endOf(textOfMessage, match.index, start.lastIndex);
    const href = withoutTrailing(textOfMessage.slice(match.index, end));
    if (isAddress(href)) {
      pushPlain(parts, textOfMessage.slice(plainFrom, match.index));
      parts.push({ text: href, href });
      plainFrom = match.index + href.length;
    }
    start.lastIndex = end;
  }
  pushPlain(parts, textOfMessage.slice(plainFrom));
  return parts;
}

// A bracket that was opened before the link, or the quotation mark that stands before it, ends it where it closes.
function endOf(whole, from, hostFrom) {
  const isQuoted = whole[from - 1] === "'";
  const open = [];
  let index = hostFrom;
  while (index < whole.length) {
    const character = String.fromCodePoint(whole.codePointAt(index));
    if (isStop(whole, index, character) || (isQuoted && character === "'")) {
      return index;
    }
    if ('([{'.includes(character)) {
      open.push(character);
    } else if (character in openerOf && open.pop() !== openerOf[character]) {
      return index;
    }
    index += character.length;
  }
  return index;
}

function isStop(whole, index, character) {
  if (character <= '\u007f') {
    return stopInAscii.test(character) || unseen.test(character);
  }
  const isStrange = unseen.test(character) || foreignPunctuation.test(character);
  return isStrange && !inWords.test(character) && !isApostrophe(whole, index);
}

// As in "Комп’ютер". Chinese closes a quotation with the same character, and goes on without a blank.
function isApostrophe(whole, index) {
  return /^[\p{Script=Latin}\p{Script=Cyrillic}]’[\p{Script=Latin}\p{Script=Cyrillic}]/u.test(
    whole.slice(index - 1, index + 3),
  );
}

function withoutTrailing(candidate) {
  let end = candidate.length;
  while (trailing.has(candidate[end - 1])) {
    end -= 1;
  }
  return candidate.slice(0, end);
}

// What stands before an @ is drawn as if it were the host, and a password is nothing to click on.
function isAddress(href) {
  if (!URL.canParse(href)) {
    return false;
  }
  const { username, password } = new URL(href);
  return username === '' && password === '';
}

function pushPlain(parts, plain) {
  if (plain) {
    parts.push({ text: plain, href: null });
  }
}
