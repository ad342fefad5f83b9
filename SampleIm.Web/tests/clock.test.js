import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { createCalendar } from '../js/shell/calendar.js';
import { hearServerTime, now } from '../js/text/clock.js';
import { createEvent } from '../js/shell/event.js';
import * as format from '../js/text/format.js';

const hourMs = 3_600_000;
// Noon here, wherever that is.
const noon = new Date(2026, 10, 20, 12);

describe('the clock', () => {
  beforeEach(() => mock.timers.enable({ apis: ['Date'], now: noon }));
  afterEach(() => {
    hearServerTime(new Date().toUTCString());
    mock.timers.reset();
  });

  function serverIs(aheadMs) {
    hearServerTime(new Date(noon.getTime() + aheadMs).toUTCString());
  }

  it('goes by the server where this machine is hours off', () => {
    serverIs(-20 * hourMs);
    assert.equal(now().getTime(), noon.getTime() - 20 * hourMs);
    mock.timers.tick(5000);
    assert.equal(now().getTime(), noon.getTime() - 20 * hourMs + 5000);
  });

  it('is that of this machine where both agree within a minute, and where the server tells none', () => {
    serverIs(59_000);
    assert.equal(now().getTime(), noon.getTime());
    hearServerTime(null);
    hearServerTime('soon');
    assert.equal(now().getTime(), noon.getTime());
  });

  it('is heard again, when this machine is put right', () => {
    serverIs(48 * hourMs);
    serverIs(0);
    assert.equal(now().getTime(), noon.getTime());
  });

  it('decides what is today', () => {
    serverIs(24 * hourMs);
    const justNow = new Date(noon.getTime() + 24 * hourMs);
    assert.equal(format.day(justNow), 'Today');
    assert.equal(format.day(noon), 'Yesterday');
    assert.equal(format.timeOrDay(justNow), format.time(justNow));
  });
});

describe('the calendar', () => {
  afterEach(() => mock.timers.reset());

  it('turns once with each day, at the first answer of the poll after midnight', () => {
    mock.timers.enable({ apis: ['Date'], now: new Date(2026, 10, 20, 23, 59, 58) });
    const total = { polled: createEvent() };
    const calendar = createCalendar({ total });
    let turns = 0;
    calendar.turned.on(() => (turns += 1));
    total.polled.emit(null);
    assert.equal(turns, 0);
    mock.timers.tick(3000);
    total.polled.emit(null);
    total.polled.emit(null);
    assert.equal(turns, 1);
  });
});
