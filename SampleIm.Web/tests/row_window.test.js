import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createRowWindow } from '../js/messages/row_window.js';
import { range } from './fakes.js';

function entriesOf(first, last) {
  return range(first, last).map((seq) => ({ key: `seq:${seq}`, kind: 'message' }));
}

function spanOf(entries) {
  return [entries[0].key, entries.at(-1).key, entries.length];
}

describe('the drawn part of the log', () => {
  let drawn;

  beforeEach(() => {
    drawn = createRowWindow({ most: 30, step: 10 });
  });

  it('is all of a short one', () => {
    assert.deepEqual(spanOf(drawn.slice(entriesOf(1, 20))), ['seq:1', 'seq:20', 20]);
    assert.equal(drawn.up(entriesOf(1, 20)), false);
    assert.equal(drawn.down(entriesOf(1, 20)), false);
  });

  it('is the end of a long one, and follows it', () => {
    assert.deepEqual(spanOf(drawn.slice(entriesOf(1, 100))), ['seq:71', 'seq:100', 30]);
    assert.deepEqual(spanOf(drawn.slice(entriesOf(1, 101))), ['seq:72', 'seq:101', 30]);
  });

  it('goes up to the first row and down to the last', () => {
    const entries = entriesOf(1, 75);
    const tops = [];
    while (drawn.up(entries)) {
      tops.push(drawn.slice(entries)[0].key);
    }
    assert.deepEqual(tops, ['seq:36', 'seq:26', 'seq:16', 'seq:6', 'seq:1']);
    assert.equal(drawn.isAtEnd(), false);
    while (drawn.down(entries)) {
      assert.equal(drawn.slice(entries).length, 30);
    }
    assert.deepEqual(spanOf(drawn.slice(entries)), ['seq:46', 'seq:75', 30]);
    assert.equal(drawn.isAtEnd(), true);
  });

  it('stays where it is when older and newer rows come', () => {
    const entries = entriesOf(50, 100);
    drawn.up(entries);
    assert.deepEqual(spanOf(drawn.slice(entries)), ['seq:61', 'seq:90', 30]);
    assert.deepEqual(spanOf(drawn.slice(entriesOf(1, 200))), ['seq:61', 'seq:90', 30]);
  });

  it('is held for a reader who has scrolled up within it', () => {
    drawn.hold(entriesOf(71, 100), entriesOf(1, 120));
    assert.deepEqual(spanOf(drawn.slice(entriesOf(1, 120))), ['seq:71', 'seq:100', 30]);
    drawn.toEnd();
    assert.deepEqual(spanOf(drawn.slice(entriesOf(1, 120))), ['seq:91', 'seq:120', 30]);
  });

  it('is the end again when its last row is gone', () => {
    drawn.up(entriesOf(1, 100));
    assert.deepEqual(spanOf(drawn.slice(entriesOf(200, 300))), ['seq:271', 'seq:300', 30]);
  });
});
