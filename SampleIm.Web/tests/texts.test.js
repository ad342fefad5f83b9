import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'node:test';
import { errorText, setLanguage, text } from '../js/text/text.js';
import { texts as en } from '../js/text/text_en.js';
import { texts as zh } from '../js/text/text_zh.js';
import { failure } from './fakes.js';

const root = new URL('../', import.meta.url);

function patternsOf(entry) {
  return typeof entry === 'string' ? [entry] : Object.values(entry);
}

function placeholdersOf(entry) {
  const names = patternsOf(entry).flatMap((pattern) => pattern.match(/\{\w+\}/g) ?? []);
  return [...new Set(names)].sort();
}

function sourceOf(...names) {
  return names.map((name) => readFileSync(new URL(name, root), 'utf8')).join('\n');
}

describe('the texts', () => {
  afterEach(() => setLanguage('en'));

  it('have the same keys in both languages', () => {
    assert.deepEqual(Object.keys(zh), Object.keys(en));
  });

  it('have the same placeholders in both languages', () => {
    for (const key of Object.keys(en)) {
      assert.deepEqual(placeholdersOf(zh[key]), placeholdersOf(en[key]), key);
    }
  });

  it('are nowhere empty', () => {
    for (const entry of [...Object.values(en), ...Object.values(zh)]) {
      patternsOf(entry).forEach((pattern) => assert.notEqual(pattern.trim(), ''));
    }
  });

  it('exist for every key that the page names', () => {
    const page = sourceOf('index.html');
    const keys = Array.from(page.matchAll(/data-text(?:-label|-placeholder)?="([^"]+)"/g), ([, key]) => key);
    assert.ok(keys.length > 20);
    keys.forEach((key) => assert.ok(key in en, key));
  });

  it('are all used', () => {
    const modules = readdirSync(new URL('js/', root), { recursive: true }).filter(
      (path) => path.endsWith('.js') && !/text_(en|zh)\.js$/.test(path),
    );
    assert.ok(modules.length > 50);
    const source = sourceOf('index.html', ...modules.map((path) => `js/${path}`));
    const builtKeys = /^(error|theme)\.|^account\.(username|password)Missing$/;
    const unused = Object.keys(en).filter((key) => !builtKeys.test(key) && !source.includes(key));
    assert.deepEqual(unused, []);
  });

  it('choose the plural by the number, and write the number as the language does', () => {
    assert.equal(text('conversations.unread', { n: 1 }), '1 unread message');
    assert.equal(text('conversations.unread', { n: 1234 }), '1,234 unread messages');
    setLanguage('zh');
    assert.equal(text('conversations.unread', { n: 1 }), '1 条未读消息');
  });

  it('leave the values of users alone', () => {
    assert.equal(text('search.none', { query: '{n} $& <b>' }), 'Nothing found for “{n} $& <b>”.');
  });

  it('refuse a key that does not exist', () => {
    assert.throws(() => text('no.such.key'));
  });

  it('tell an error by its code, and an unknown one in general', () => {
    assert.equal(errorText(failure('message.notOwn')), en['error.message.notOwn']);
    assert.equal(errorText(failure('from.the.future')), en['error.unknown']);
    setLanguage('zh');
    assert.equal(
      errorText(failure('account.locked', { retryAfter: 300 })),
      '密码错误次数过多，请在5分钟后重试。',
    );
  });

  it('tell how long to wait, where the server has told', () => {
    const waitOf = (retryAfter) => errorText(failure('request.rateLimited', { status: 429, retryAfter }));
    assert.equal(waitOf(1), 'That was too fast. Please try again in 1 second.');
    assert.equal(waitOf(12.2), 'That was too fast. Please try again in 13 seconds.');
    assert.equal(waitOf(301), 'That was too fast. Please try again in 6 minutes.');
    assert.equal(waitOf(null), 'That was too fast. Please try again in a moment.');
    setLanguage('zh');
    assert.equal(waitOf(null), '操作太频繁，请在片刻后重试。');
  });

  it('call a busy server busy, whatever the code', () => {
    const error = failure('from.the.future', { status: 503, retryAfter: 2 });
    assert.equal(errorText(error), 'The server is busy. Please try again in 2 seconds.');
  });
});
