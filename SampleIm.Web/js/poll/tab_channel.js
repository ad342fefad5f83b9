import { createEvent } from '../shell/event.js';

// Words between the tabs of one browser. A tab never hears its own; without the means for it, it hears nobody.
export function createTabChannel({ BroadcastChannel }) {
  const received = createEvent();
  const channel = BroadcastChannel ? new BroadcastChannel('sampleim') : null;
  if (channel) {
    channel.onmessage = ({ data }) => received.emit(data);
  }
  return { received, canSpeak: channel !== null, post: (message) => channel?.postMessage(message) };
}
