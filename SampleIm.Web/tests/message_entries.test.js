import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entriesOf } from '../js/messages/message_entries.js';
import { failure, messageOf } from './fakes.js';

const me = { username: 'alice', displayName: 'Alice' };
const bob = { username: 'bob', displayName: 'Bob' };

function at(seq, sentAt, rest = {}) {
  return messageOf(seq, { sentAt: new Date(sentAt).toISOString(), ...rest });
}

function entries({ messages = [], pending = [], unreadAfter = null, hasOlder = false }) {
  return entriesOf({ messages, hasOlder, pending, me, unreadAfter, language: 'en' });
}

function keysOf(list) {
  return list.map(({ key }) => key);
}

function firstOfGroup(list) {
  return list.filter(({ value }) => value.startsGroup).map(({ key }) => key);
}

describe('the entries of the log', () => {
  it('begin each day with a line', () => {
    const messages = [at(1, '2026-11-19T12:00'), at(2, '2026-11-19T12:01'), at(3, '2026-11-20T12:00')];
    assert.deepEqual(keysOf(entries({ messages })), [
      'day:2026-11-19',
      'seq:1',
      'seq:2',
      'day:2026-11-20',
      'seq:3',
    ]);
  });

  it('group what one sender says within five minutes', () => {
    const messages = [
      at(1, '2026-11-20T12:00', { sender: bob }),
      at(2, '2026-11-20T12:04', { sender: bob }),
      at(3, '2026-11-20T12:05', { sender: me }),
      at(4, '2026-11-20T12:11', { sender: me }),
    ];
    assert.deepEqual(firstOfGroup(entries({ messages })), ['seq:1', 'seq:3', 'seq:4']);
  });

  it('have one line before the first unread message of others', () => {
    const messages = [1, 2, 3, 4].map((seq) => at(seq, '2026-11-20T12:00'));
    assert.deepEqual(keysOf(entries({ messages, unreadAfter: 2 })).slice(1), [
      'seq:1',
      'seq:2',
      'unread',
      'seq:3',
      'seq:4',
    ]);
    assert.ok(!keysOf(entries({ messages, unreadAfter: null })).includes('unread'));
    assert.ok(!keysOf(entries({ messages, unreadAfter: 4 })).includes('unread'));
  });

  it('have their line before the first unread message that was not recalled', () => {
    const recalledAt = '2026-11-20T12:01';
    const messages = [1, 2, 3, 4, 5].map((seq) =>
      at(seq, '2026-11-20T12:00', [2, 4].includes(seq) ? { recalledAt } : {}),
    );
    const lineAfter = (count) =>
      keysOf(entries({ messages: messages.slice(0, count), unreadAfter: 1 })).slice(1);
    assert.deepEqual(lineAfter(2), ['seq:1', 'seq:2']);
    assert.deepEqual(lineAfter(5), ['seq:1', 'seq:2', 'unread', 'seq:3', 'seq:4', 'seq:5']);
  });

  it('have no line at the top of what is loaded when the first unread message is not', () => {
    const messages = [5, 6, 7].map((seq) => at(seq, '2026-11-20T12:00'));
    const lineAfter = (unreadAfter, hasOlder) =>
      keysOf(entries({ messages, unreadAfter, hasOlder })).includes('unread');
    assert.equal(lineAfter(2, true), false);
    assert.equal(lineAfter(4, true), true);
    assert.equal(lineAfter(2, false), true);
  });

  it('end with what is on its way, but not with what has arrived', () => {
    const messages = [at(1, '2026-11-20T12:00', { sender: me, clientId: 'a' })];
    const pending = ['a', 'b'].map((clientId) => ({
      clientId,
      status: 'sending',
      sentAt: '2026-11-20T12:01',
    }));
    assert.deepEqual(keysOf(entries({ messages, pending })).slice(1), ['seq:1', 'pending:b']);
  });

  it('show what was refused because its number belongs to another message', () => {
    const messages = [at(1, '2026-11-20T12:00', { sender: me, clientId: 'a' })];
    const refused = { clientId: 'a', status: 'failed', sentAt: '2026-11-20T12:01' };
    const pending = [{ ...refused, error: failure('message.clientIdReused', { status: 409 }) }];
    assert.deepEqual(keysOf(entries({ messages, pending })).slice(1), ['seq:1', 'pending:a']);
  });

  it('do not take the message of a stranger who uses the same clientId for the own one', () => {
    const messages = [at(1, '2026-11-20T12:00', { sender: bob, clientId: 'a' })];
    const pending = [{ clientId: 'a', status: 'sending', sentAt: '2026-11-20T12:01' }];
    assert.deepEqual(keysOf(entries({ messages, pending })).slice(1), ['seq:1', 'pending:a']);
  });

  it('change their signature with the version, and only then', () => {
    const signatureOf = (message) => entries({ messages: [message] })[1].signature;
    const message = at(1, '2026-11-20T12:00');
    assert.equal(signatureOf({ ...message }), signatureOf(message));
    assert.notEqual(signatureOf({ ...message, version: 9 }), signatureOf(message));
  });
});
