import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { partsOf } from '../js/text/links.js';

const hrefsIn = (text) =>
  partsOf(text)
    .filter(({ href }) => href)
    .map(({ href }) => href);

describe('links', () => {
  it('are found without the punctuation around them', () => {
    assert.deepEqual(hrefsIn('See https://a.org/b, or (http://c.org/d_(e)).'), [
      'https://a.org/b',
      'http://c.org/d_(e)',
    ]);
    assert.deepEqual(hrefsIn('看https://a.org/路径，好的'), ['https://a.org/路径']);
  });

  it('are http and https only', () => {
    assert.deepEqual(hrefsIn('javascript:alert(1) data:text/html,x ftp://a.org https://'), []);
  });

  for (const address of [
    "https://en.wikipedia.org/wiki/Devil's_advocate",
    'https://uk.wikipedia.org/wiki/Комп’ютер',
    'https://example.com/f_(x)_(y)',
    'https://example.com/?a[0]={b}',
    'https://example.com/users/jane_',
    'http://[2001:db8::1]/',
    'http://[::1]:5080/swagger?x=1#y',
    'http://localhost:5080/~jane',
    'https://example.com/a~b*c!d;e,f.g',
    'https://he.wikipedia.org/wiki/צה״ל',
    'https://ja.wikipedia.org/wiki/レオナルド・ダ・ヴィンチ',
    'https://example.com/Michelson–Morley',
    'https://example.com/❤️',
    'HTTPS://EXAMPLE.COM/A',
    'https://web.archive.org/web/2020/https://example.com/',
  ]) {
    it(`are whole: ${address}`, () => {
      for (const [before, after] of [
        ['', ''],
        ['See ', ' there.'],
        ['(', ')'],
        ['【', '】'],
        ['看', '。'],
        ['«', '».'],
        ['`', '`'],
        ['[', '](here)'],
      ]) {
        assert.deepEqual(hrefsIn(before + address + after), [address], before);
      }
    });
  }

  for (const after of [
    '：说明',
    '【公告】',
    '…',
    '`code',
    '»x',
    '›x',
    '”x',
    '’的',
    '」x',
    '』x',
    '》x',
    '〕x',
    '〉x',
    '｡x',
    '､x',
    '～x',
    '＞x',
    '——好',
    '،x',
    '؟x',
    '।x',
    ')然后',
    ']x',
    '}x',
    '\\@evil.example',
    '.',
    ',',
    '?!',
    "'",
    '**',
    '~~',
    '([',
  ]) {
    it(`end before ${after}`, () =>
      assert.deepEqual(hrefsIn(`https://example.com/a${after}`), ['https://example.com/a']));
  }

  it('end where the quotation that they stand in ends', () => {
    assert.deepEqual(hrefsIn("fetch('https://a.org/b').then(x)"), ['https://a.org/b']);
    assert.deepEqual(hrefsIn("'https://a.org/b','https://c.org'"), ['https://a.org/b', 'https://c.org']);
  });

  it('end before anything that nobody sees or that turns the text around', () => {
    const codes = [
      0x00, 0x1f, 0x7f, 0x85, 0xa0, 0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e,
      0x200f, 0x2028, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x3000,
      0x3164, 0xfeff, 0xfff9, 0xd800, 0xe0001, 0xe0067,
    ];
    for (const code of codes) {
      const text = `https://example.com/${String.fromCodePoint(code)}gnp.exe`;
      assert.deepEqual(hrefsIn(text), ['https://example.com/'], code.toString(16));
    }
  });

  it('carry neither a name nor a password', () => {
    for (const address of [
      'https://user:pass@example.com/',
      'https://user@example.com/',
      'https://example.com@evil.example/',
      'https://:pass@example.com',
      'https://u:p@https://example.com/',
      'https://a:b@[2001:db8::1]/',
    ]) {
      assert.deepEqual(hrefsIn(`See ${address} there`), [], address);
    }
    assert.deepEqual(hrefsIn('https://example.com/@jane https://example.com/?mail=a@b.org'), [
      'https://example.com/@jane',
      'https://example.com/?mail=a@b.org',
    ]);
  });

  it('leave every character of the text in its place', () => {
    for (const text of [
      'plain',
      'a https://a.org/x?y=1&z=2#q! b',
      'https://a.org https://b.org',
      '<b>\n',
      '(https://a.org)https://u:p@b.org/ 🏳️‍🌈 https://[::1]/\u202ehttps://c.org',
    ]) {
      assert.equal(
        partsOf(text)
          .map((part) => part.text)
          .join(''),
        text,
      );
    }
  });

  // Anyone who looks at each of these characters more than once, starting from each one, is at it for hours.
  it('are found in one walk over the text', () => {
    const many = 1_000_000;
    assert.deepEqual(hrefsIn(`https://a.org/${'.'.repeat(many)}x`).length, 1);
    assert.deepEqual(hrefsIn(`https://a.org/${'.'.repeat(many)}`), ['https://a.org/']);
    assert.deepEqual(hrefsIn(`https://a.org/${'('.repeat(many)}`), ['https://a.org/']);
    assert.equal(hrefsIn('https://a.org)'.repeat(many / 10)).length, many / 10);
    assert.equal(hrefsIn('https://a.org('.repeat(many / 10)).length, 1);
    assert.equal(hrefsIn("'https://a.org".repeat(many / 10)).length, many / 10);
    assert.deepEqual(hrefsIn('https://u:p@'.repeat(many / 10)), []);
    assert.deepEqual(hrefsIn('https://'.repeat(many / 10)).length, 1);
    assert.deepEqual(hrefsIn('http'.repeat(many)), []);
  });
});
