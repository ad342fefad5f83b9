const address = /https?:\/\/[^\s<>"'“”‘’「」《》，。；！？、（）]+/giu;
const trailing = /[.,:;!?)\]}*_~]+$/u;

// Splits a text into plain parts and web addresses; only http and https become links.
export function partsOf(textOfMessage) {
  const parts = [];
  let end = 0;
  for (const match of textOfMessage.matchAll(address)) {
    const href = withoutTrailing(match[0]);
    if (!URL.canParse(href)) {
      continue;
    }
    pushPlain(parts, textOfMessage.slice(end, match.index));
    parts.push({ text: href, href });
    end = match.index + href.length;
  }
  pushPlain(parts, textOfMessage.slice(end));
  return parts;
}

// "(see https://a.org/b_(c))" ends after "c)": a closing bracket stays when its opening one is inside.
function withoutTrailing(candidate) {
  const cut = candidate.replace(trailing, '');
  const next = candidate.charAt(cut.length);
  return next === ')' && cut.includes('(') && !cut.includes(')') ? `${cut})` : cut;
}

function pushPlain(parts, plain) {
  if (plain) {
    parts.push({ text: plain, href: null });
  }
}
