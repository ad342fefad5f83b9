import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plain } from '../js/search/plain.js';

describe('the plain form of a name', () => {
  for (const [name, form] of [
    ['Zoë', 'zoe'],
    ['İSTANBUL', 'istanbul'],
    ['ıstanbul', 'istanbul'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['Đường', 'duong'],
    ['Łódź Ørsted', 'lodz orsted'],
    ['  two \u3000 blanks ', 'two blanks'],
    ['in\u200Bvisible\uFE0F', 'invisible'],
    ['Ｆｕｌｌ Ⅳ', 'full iv'],
    ['Σίσυφος', plain('ΣΊΣΥΦΟΣ')],
    ['が', 'が'],
    ['한글', '한글'],
    ['100%_', '100%_'],
  ]) {
    it(`is ${form} of ${name}`, () => assert.equal(plain(name), form));
  }
});
