import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createLeadership } from '../js/poll/leadership.js';
import { createFakeHub, createFakeTimers } from './fakes.js';

describe('the leadership among tabs', () => {
  let timers;
  let hub;

  beforeEach(() => {
    timers = createFakeTimers();
    hub = createFakeHub();
  });

  function createTab(id) {
    const channel = hub.open();
    const tab = { channel, told: [] };
    const leadership = createLeadership({ channel, timers, newId: () => id, random: () => 0.5 });
    leadership.changed.on((isLeader) => tab.told.push(isLeader));
    return Object.assign(tab, leadership);
  }

  function leadersOf(...tabs) {
    return tabs.map((tab) => tab.isLeader());
  }

  it('goes to a tab that is alone, soon', async () => {
    const tab = createTab('a');
    tab.join();
    assert.equal(tab.isLeader(), false);
    await timers.advance(100);
    assert.equal(tab.isLeader(), true);
  });

  it('stays with the first, however long and however many come', async () => {
    const [first, second, third] = [createTab('c'), createTab('b'), createTab('a')];
    first.join();
    await timers.advance(100);
    second.join();
    third.join();
    await timers.advance(60_000);
    assert.deepEqual(leadersOf(first, second, third), [true, false, false]);
    assert.deepEqual(second.told, []);
  });

  it('goes to one alone of two that did not hear each other', async () => {
    const tabs = [createTab('b'), createTab('a')];
    const posts = tabs.map(({ channel }) => channel.post);
    tabs.forEach(({ channel }) => Object.assign(channel, { post: () => {} }));
    tabs.forEach((tab) => tab.join());
    await timers.advance(100);
    assert.deepEqual(leadersOf(...tabs), [true, true]);
    tabs.forEach(({ channel }, index) => Object.assign(channel, { post: posts[index] }));
    await timers.advance(1000);
    assert.deepEqual(leadersOf(...tabs), [false, true]);
    await timers.advance(10_000);
    assert.deepEqual(leadersOf(...tabs), [false, true]);
  });

  it('is handed on at once by a tab that goes', async () => {
    const [first, second] = [createTab('a'), createTab('b')];
    first.join();
    await timers.advance(100);
    second.join();
    first.leave();
    await timers.advance(50);
    assert.deepEqual(leadersOf(first, second), [false, true]);
  });

  it('is taken from a tab that died, before the server forgets the person', async () => {
    const [first, second] = [createTab('a'), createTab('b')];
    first.join();
    await timers.advance(100);
    second.join();
    first.channel.post = () => {};
    await timers.advance(2000);
    assert.equal(second.isLeader(), true);
  });

  it('is given back when a tab that seemed dead wakes up', async () => {
    const [first, second] = [createTab('a'), createTab('b')];
    first.join();
    await timers.advance(100);
    second.join();
    const { post } = first.channel;
    first.channel.post = () => {};
    await timers.advance(2000);
    first.channel.post = post;
    await timers.advance(1000);
    assert.deepEqual(leadersOf(first, second), [true, false]);
    assert.deepEqual(second.told, [true, false]);
  });

  it('is everybody’s own where tabs cannot speak', () => {
    const channel = { ...hub.open(), canSpeak: false };
    const tab = createLeadership({ channel, timers, newId: () => 'a' });
    tab.join();
    assert.equal(tab.isLeader(), true);
    assert.equal(timers.armedCount(), 0);
  });
});
