import $ from 'jquery/slim';
import { initArrowKeys } from '../shell/arrow_keys_ui.js';
import { createConversations } from './conversations.js';
import { initConversations as initList } from './conversations_ui.js';
import { createNavigation } from './navigation.js';
import { createReadCursor } from './read_cursor.js';
import { focusTalkUnlessLeft } from './talk_focus_ui.js';
import { initTalk } from './talk_ui.js';

export { createConversations };
export { conversationOfHash, hashOfConversation } from '../shell/route.js';
export { noteFocus } from './talk_focus_ui.js';

// The way to a conversation, and how far it has been read there.
export function createWays({ request, timers, conversations, openTalk, onDelayed, onRefused }) {
  const readCursor = createReadCursor({
    request,
    timers,
    onRead: (id, seq) => conversations.markRead(id, seq, openTalk.recalledSeqs(id)),
  });
  const navigation = createNavigation({
    location: window.location,
    conversations,
    openTalk,
    timers,
    onOpened: focusTalkUnlessLeft,
    onDelayed,
    onRefused,
  });
  return { readCursor, navigation };
}

export function initConversations(stores) {
  initList(stores);
  initTalk(stores);
  const toSearch = () => $('.js-search').trigger('focus');
  initArrowKeys($('.js-conversations'), '.js-conversation', { onLeft: toSearch });
  initArrowKeys($('.js-online'), '.js-person[href]');
}
