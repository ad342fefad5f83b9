import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { hueCount, hueOf, initialsOf } from '../js/people/avatar.js';
import { isOnlyEmoji } from '../js/text/emoji.js';
import * as format from '../js/text/format.js';
import { newId } from '../js/shell/ids.js';
import { conversationOfHash, hashOfConversation, pathOfConversation } from '../js/shell/route.js';
import { setLanguage } from '../js/text/text.js';

describe('addresses', () => {
  it('name a conversation and give it back', () => {
    for (const id of ['lobby', '@bob', '@李雷', '@a.b_c-d', 'physics-101']) {
      assert.equal(conversationOfHash(hashOfConversation(id)), id);
    }
    assert.equal(hashOfConversation('@bob'), '#/@bob');
    assert.equal(pathOfConversation('@李'), '/api/conversations/%40%E6%9D%8E');
  });

  it('name none when they are empty or broken', () => {
    ['', '#', '#/', '#lobby', '#/%E6%9'].forEach((hash) => assert.equal(conversationOfHash(hash), null));
  });
});

describe('avatars', () => {
  it('keep their colour, whatever the case of the name', () => {
    assert.equal(hueOf('Alice'), hueOf('alice'));
    const hues = new Set(Array.from({ length: 200 }, (_, index) => hueOf(`user${index}`)));
    assert.equal(hues.size, hueCount);
  });

  it('show two initials of a Latin name, and one character of any other', () => {
    assert.equal(initialsOf('alice van moreau'), 'AM');
    assert.equal(initialsOf('bob'), 'B');
    assert.equal(initialsOf('eve.k'), 'EK');
    assert.equal(initialsOf('李 雷'), '李');
    assert.equal(initialsOf('👩‍🚀 crew'), '👩‍🚀');
    assert.equal(initialsOf('  '), '?');
    assert.equal(initialsOf(`q${'\u0331'.repeat(80)} x`), `Q${'\u0331'.repeat(4)}X`);
  });
});

describe('emoji', () => {
  const family = '👨‍👩‍👧‍👦';
  const england = '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';

  it('alone are shown large, however many characters each consists of', () => {
    const texts = [
      '🎉',
      '👍🏽 👩‍👩‍👧',
      '❤️',
      '🇨🇳',
      england,
      `${england}${england} ${england}`,
      '🏳️‍🌈',
      '1️⃣',
      '#️⃣',
      '🇨🇳🇬🇧',
    ];
    texts.push(family.repeat(3), `${family}\n${family} `, family.repeat(12), '©️', '❤‍🔥', '👩🏽‍🚀', '🧑🏻‍❤️‍💋‍🧑🏿');
    texts.forEach((text) => assert.equal(isOnlyEmoji(text), true, text));
  });

  it('are told from words, numbers and signs, and many of them from a few', () => {
    const texts = [
      '',
      ' ',
      '1',
      '42 🎉',
      'ok',
      '好',
      '#',
      '*',
      '©',
      '™',
      '❤',
      '🇨',
      'a\u20e3',
      `${england}!`,
      '🏽x',
      '\u200d',
      '\ufe0f',
    ];
    texts.push('🎉'.repeat(13), family.repeat(360), `${family.repeat(12)}x`, '1\ufe0f');
    texts.forEach((text) => assert.equal(isOnlyEmoji(text), false, text));
  });
});

describe('client ids', () => {
  it('are version 4 UUIDs, each another one', () => {
    const ids = new Set(Array.from({ length: 100 }, () => newId()));
    assert.equal(ids.size, 100);
    ids.forEach((id) => assert.match(id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/));
  });
});

describe('dates', () => {
  const now = new Date(2026, 10, 20, 0, 30);
  afterEach(() => setLanguage('en'));

  it('name today and yesterday by the calendar, not by 24 hours', () => {
    assert.equal(format.day(new Date(2026, 10, 20, 0, 5), now), 'Today');
    assert.equal(format.day(new Date(2026, 10, 19, 23, 55), now), 'Yesterday');
    setLanguage('zh');
    assert.equal(format.day(new Date(2026, 10, 19, 23, 55), now), '昨天');
  });

  it('name the year only when it is another one', () => {
    assert.equal(format.day(new Date(2026, 0, 5), now), 'Monday, January 5');
    assert.match(format.day(new Date(2025, 0, 5), now), /2025/);
  });

  it('follow the region of the browser', () => {
    setLanguage('en', ['de-DE', 'en-GB']);
    assert.equal(format.time(new Date(2026, 10, 20, 15, 5)), '15:05');
    assert.equal(format.timeOrDay(new Date(2026, 10, 18, 9, 0), now), 'Wed');
  });

  it('cut large counts', () => {
    assert.equal(format.count(99), '99');
    assert.equal(format.count(100), '99+');
  });
});
