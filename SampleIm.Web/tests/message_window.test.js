import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createMessageWindow } from '../js/messages/message_window.js';
import { messageOf, range, seqsOf } from './fakes.js';

describe('the message window', () => {
  let loaded;

  beforeEach(() => {
    loaded = createMessageWindow();
    loaded.replace(
      range(11, 15).map((seq) => messageOf(seq)),
      true,
    );
  });

  it('keeps the order by seq whatever the order of arrival', () => {
    loaded.merge([messageOf(18), messageOf(16), messageOf(17)]);
    assert.deepEqual(seqsOf(loaded.list()), range(11, 18));
  });

  it('shows nothing twice', () => {
    loaded.merge([messageOf(15), messageOf(16)]);
    loaded.merge([messageOf(16)]);
    assert.deepEqual(seqsOf(loaded.list()), range(11, 16));
  });

  it('takes an edit in the place of the message', () => {
    loaded.merge([messageOf(12, { version: 20, text: 'edited' })]);
    assert.equal(loaded.find(12).text, 'edited');
    assert.equal(loaded.list().length, 5);
  });

  it('keeps the newer version when an older one comes late', () => {
    loaded.merge([messageOf(12, { version: 21, text: null, recalledAt: '2026-11-20T04:00:00.000Z' })]);
    loaded.merge([messageOf(12, { version: 20, text: 'edited' })]);
    assert.equal(loaded.find(12).text, null);
  });

  it('drops changes of messages before the window', () => {
    loaded.merge([messageOf(3, { version: 30 })]);
    assert.equal(loaded.oldestSeq(), 11);
  });

  it('takes an older page, and then changes in it', () => {
    loaded.addOlder(
      range(1, 10).map((seq) => messageOf(seq)),
      false,
    );
    loaded.merge([messageOf(3, { version: 30, text: 'edited' })]);
    assert.deepEqual(seqsOf(loaded.list()), range(1, 15));
    assert.equal(loaded.find(3).text, 'edited');
    assert.equal(loaded.hasOlder(), false);
  });

  it('takes the first message of an empty conversation', () => {
    loaded.replace([], false);
    assert.equal(loaded.newestSeq(), 0);
    loaded.merge([messageOf(1)]);
    assert.equal(loaded.newestSeq(), 1);
  });

  it('keeps the latest ones only, and knows then that there are older ones', () => {
    loaded.replace(
      range(1, 15).map((seq) => messageOf(seq)),
      false,
    );
    loaded.keepLatest(4);
    assert.deepEqual(seqsOf(loaded.list()), range(12, 15));
    assert.equal(loaded.hasOlder(), true);
  });

  it('may begin farther back, and takes in only what it reaches', () => {
    loaded.replace(
      range(11, 15).map((seq) => messageOf(seq)),
      true,
      40,
    );
    assert.deepEqual([loaded.hasNewer(), loaded.newestSeq(), loaded.latestSeq()], [true, 15, 40]);
    loaded.merge([messageOf(12, { version: 50, text: 'edited' }), messageOf(41, { version: 51 })]);
    assert.equal(loaded.find(12).text, 'edited');
    assert.deepEqual(seqsOf(loaded.list()), range(11, 15));
    loaded.addNewer(range(16, 40).map((seq) => messageOf(seq)));
    assert.equal(loaded.hasNewer(), true);
    loaded.addNewer([messageOf(41)]);
    assert.equal(loaded.hasNewer(), false);
    loaded.merge([messageOf(42)]);
    assert.deepEqual(seqsOf(loaded.list()), range(11, 42));
  });

  it('asks for nothing newer for ever when there is nothing', () => {
    loaded.replace([messageOf(11)], false, 40);
    loaded.addNewer([messageOf(11)]);
    assert.deepEqual([loaded.hasNewer(), loaded.latestSeq()], [false, 11]);
  });
});
