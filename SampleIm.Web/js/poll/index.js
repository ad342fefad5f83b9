import { createLeadership } from './leadership.js';
import { createPoll } from './poll.js';
import { createTabChannel } from './tab_channel.js';
import { createTotal } from './total.js';

// One poll for all tabs of a browser.
export function createPolling({ request, timers, newId }) {
  const channel = createTabChannel(window);
  const leadership = createLeadership({ channel, timers, newId });
  const total = createTotal({ poll: createPoll({ request, timers }), leadership, channel });
  return { channel, leadership, total };
}
