// `#/lobby` and `#/@bob`; anything else is the list.
export function conversationOfHash(hash) {
  if (!hash.startsWith('#/')) {
    return null;
  }
  try {
    return decodeURIComponent(hash.slice(2)) || null;
  } catch {
    return null;
  }
}

export function hashOfConversation(id) {
  return `#/${encodeURIComponent(id).replace(/^%40/, '@')}`;
}

export function pathOfConversation(id) {
  return `/api/conversations/${encodeURIComponent(id)}`;
}
