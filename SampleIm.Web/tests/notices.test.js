import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createNotices } from '../js/notices/notices.js';
import { createNotifier } from '../js/notices/notifier.js';
import { createFakeHub } from './fakes.js';

describe('the notices', () => {
  let list;
  let leads;
  let told;
  let notices;
  let inView;
  let otherTab;

  beforeEach(() => {
    list = [];
    leads = true;
    told = [];
    inView = null;
    const hub = createFakeHub();
    otherTab = createNotices({
      conversations: { list: () => list },
      isLeader: () => false,
      channel: hub.open(),
      inView: () => inView,
    });
    notices = createNotices({
      conversations: { list: () => list },
      isLeader: () => leads,
      channel: hub.open(),
      inView: () => null,
    });
    notices.announced.on((due) => told.push(due.map(({ id }) => id)));
  });

  function poll(...conversations) {
    list = conversations.map(([id, lastSeq, unread, kind = 'text']) => ({
      id,
      lastSeq,
      unread,
      lastMessage: { kind },
    }));
    notices.follow();
    otherTab.follow();
  }

  it('are silent about what was there when the page came', () => {
    poll(['lobby', 9, 3]);
    poll(['lobby', 9, 3]);
    assert.deepEqual(told, []);
  });

  it('tell once of a message that stays unread', () => {
    poll(['lobby', 9, 0]);
    poll(['lobby', 10, 1]);
    assert.deepEqual(told, []);
    poll(['lobby', 10, 1]);
    poll(['lobby', 10, 1]);
    assert.deepEqual(told, [['lobby']]);
  });

  it('are silent when another tab or device has read it meanwhile, and about own messages', () => {
    poll(['lobby', 9, 0]);
    poll(['lobby', 10, 1]);
    poll(['lobby', 10, 0]);
    poll(['lobby', 11, 0]);
    poll(['lobby', 11, 0]);
    assert.deepEqual(told, []);
  });

  it('tell of a conversation that is new', () => {
    poll(['lobby', 9, 0]);
    poll(['@bob', 1, 1], ['lobby', 9, 0]);
    poll(['@bob', 1, 1], ['lobby', 9, 0]);
    assert.deepEqual(told, [['@bob']]);
  });

  it('are silent about what another tab has in view, however late the server hears of it', () => {
    inView = 'lobby';
    poll(['lobby', 9, 0], ['@bob', 1, 0]);
    poll(['lobby', 10, 1], ['@bob', 2, 1]);
    poll(['lobby', 10, 1], ['@bob', 2, 1]);
    assert.deepEqual(told, [['@bob']]);
    inView = null;
    poll(['lobby', 11, 2]);
    poll(['lobby', 11, 2]);
    assert.deepEqual(told, [['@bob'], ['lobby']]);
  });

  it('are silent about what was recalled, while older messages are unread', () => {
    poll(['lobby', 9, 3]);
    poll(['lobby', 10, 3, 'recalled']);
    poll(['lobby', 10, 3, 'recalled']);
    poll(['lobby', 11, 4]);
    poll(['lobby', 11, 3, 'recalled']);
    assert.deepEqual(told, []);
    poll(['lobby', 13, 4, 'recalled']);
    poll(['lobby', 13, 4, 'recalled']);
    assert.deepEqual(told, [['lobby']], 'one of two has stayed');
  });

  it('are given by one tab only', () => {
    leads = false;
    poll(['lobby', 9, 0]);
    poll(['lobby', 10, 1]);
    leads = true;
    poll(['lobby', 10, 1]);
    poll(['lobby', 10, 1]);
    assert.deepEqual(told, [['lobby']]);
  });
});

describe('the notifier', () => {
  it('asks nobody where there are no notifications', async () => {
    const notifier = createNotifier({ Notification: undefined, onChosen: () => {} });
    assert.deepEqual(
      [notifier.canNotify(), notifier.isAllowed(), await notifier.askPermission()],
      [false, false, false],
    );
  });

  it('shows one a conversation, and takes back what has been read', () => {
    const shown = [];
    class Notification {
      static permission = 'granted';
      constructor(title) {
        this.title = title;
        shown.push(this);
      }
      close() {
        shown.splice(shown.indexOf(this), 1);
      }
    }
    const notifier = createNotifier({ Notification, onChosen: () => {} });
    notifier.notify('lobby', 'Lobby', 'one');
    notifier.notify('lobby', 'Lobby again', 'two');
    notifier.notify('@bob', 'Bob', 'three');
    assert.deepEqual(
      shown.map(({ title }) => title),
      ['Lobby again', 'Bob'],
    );
    notifier.closeRead(['@bob']);
    assert.deepEqual(
      shown.map(({ title }) => title),
      ['Bob'],
    );
  });
});
