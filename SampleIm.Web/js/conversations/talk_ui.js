import $ from 'jquery/slim';
import { showConversationAvatar, showPresence } from '../people/avatar_ui.js';
import { titleOf } from './conversations_ui.js';
import { text } from '../text/text.js';

// The frame of the open conversation: its bar, or the word that none is open.
export function initTalk({ conversations, openTalk, presence, composer, preferences }) {
  const show = () => showFrame(conversations.find(openTalk.current()?.id), presence);
  openTalk.changed.on(() => {
    show();
    composer.open(openTalk.current()?.id ?? null);
  });
  conversations.changed.on(show);
  presence.changed.on(show);
  preferences.changed.on(show);
}

function showFrame(conversation, presence) {
  $('.js-talk-empty').prop('hidden', Boolean(conversation));
  $('.js-talk-empty-text').text(text('talk.choose'));
  $('.js-talk-bar, .js-log-frame, .js-composer').prop('hidden', !conversation);
  if (conversation) {
    showBar(conversation, presence);
  }
}

function showBar(conversation, presence) {
  const isDirect = conversation.kind === 'direct';
  const isOnline = isDirect && presence.isOnline(conversation.id.slice(1));
  showConversationAvatar($('.js-talk-avatar'), conversation);
  showPresence($('.js-talk-avatar'), isOnline);
  $('.js-talk-title').text(titleOf(conversation));
  const count = text('presence.count', { n: presence.list().length });
  $('.js-talk-subtitle').text(isDirect ? text(isOnline ? 'presence.online' : 'presence.offline') : count);
}
