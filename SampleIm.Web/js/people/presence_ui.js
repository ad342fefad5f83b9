import $ from 'jquery/slim';
import * as format from '../text/format.js';
import { $drawPerson } from './people_row_ui.js';
import { showRows } from '../shell/rows_ui.js';
import { locale, text } from '../text/text.js';
import { setLabel } from '../text/text_ui.js';

export function initPresence({ presence, preferences }) {
  const show = () => showOnline(presence);
  presence.changed.on(show);
  preferences.changed.on(show);
}

function showOnline(presence) {
  const entries = presence.list().map((user) => ({
    key: user.username,
    value: user,
    signature: JSON.stringify([user, locale()]),
  }));
  showRows($('.js-online'), entries, $drawOnline);
  $('.js-online-full').prop('hidden', !presence.isFull());
  showCount(presence.list().length);
}

function showCount(n) {
  $('.js-online-count').text(format.count(n));
  $('.js-people-toggle').each((_, toggle) => setLabel($(toggle), text('presence.show', { n })));
}

function $drawOnline({ value: user }) {
  const options = { detail: `@${user.username}`, isOnline: true, isMe: user.isMe };
  const $item = $drawPerson(user, options);
  $item.find('.js-person').addClass('js-online-row');
  return $item;
}
