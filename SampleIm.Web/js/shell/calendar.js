import { now } from '../text/clock.js';
import { createEvent } from './event.js';

// Tells when another day has begun: "Today" becomes "Yesterday", also where nothing else changes.
export function createCalendar({ total }) {
  const turned = createEvent();
  let day = now().toDateString();

  total.polled.on(() => {
    const next = now().toDateString();
    if (next !== day) {
      day = next;
      turned.emit();
    }
  });

  return { turned };
}
