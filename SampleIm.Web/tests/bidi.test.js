import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { directionOf, isolated } from '../js/text/bidi.js';
import { setLanguage, text } from '../js/text/text.js';

const greeting = 'שלום עולם!';
const name = 'سارة (2)';

describe('texts from right to left', () => {
  afterEach(() => setLanguage('en'));

  it('are isolated from the words around them', () => {
    for (const language of ['en', 'zh']) {
      setLanguage(language);
      assert.ok(text('preview.from', { sender: name, preview: greeting }).includes(`\u2068${name}\u2069`));
      assert.ok(
        text('preview.from', { sender: name, preview: greeting }).endsWith(`\u2068${greeting}\u2069`),
      );
      assert.ok(text('talk.title', { title: name }).includes(`\u2068${name}\u2069`));
      assert.ok(text('message.by', { sender: name, time: '10:00' }).includes(`\u2068${name}\u2069`));
    }
  });

  it('stay isolated in a text that becomes a part of another one', () => {
    const title = text('talk.title', { title: name });
    assert.equal(text('talk.unread', { n: 3, title }), `(3) \u2068\u2068${name}\u2069 · SampleIm\u2069`);
  });

  it('leave no mark in a text where nothing runs from right to left', () => {
    for (const value of ['Zoë', '李雷', 'Ёж', '42', '🎉', '']) {
      assert.equal(isolated(value), value);
    }
  });

  it('cannot end the isolation around them, nor keep it open', () => {
    assert.equal(isolated('a\u2069\u202eb'), '\u2068a\u202eb\u2069');
    assert.equal(isolated('a\u2066b'), '\u2068ab\u2069');
    assert.equal(isolated('\u2069a\u2068'), '\u2068a\u2069');
    assert.equal(isolated('\u2066a\u2069b'), '\u2068\u2066a\u2069b\u2069');
    assert.equal(isolated('a\u200fb'), '\u2068a\u200fb\u2069');
  });

  it('are told by their first letter', () => {
    for (const words of [greeting, name, '… 42 😀 שלום hello', 'ދިވެހި']) {
      assert.equal(directionOf(words), 'rtl', words);
    }
    for (const words of ['', '42', '😀', 'hello שלום', '你好 שלום']) {
      assert.equal(directionOf(words), 'ltr', words);
    }
  });
});
