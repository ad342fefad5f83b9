import { pathOfConversation } from './route.js';

// Tells the server how far the reader has come. One request at a time for a conversation, the farthest place last.
export function createReadCursor({ request, onRead }) {
  const cursors = new Map();

  async function advance(id, seq) {
    const cursor = cursors.get(id) ?? { wanted: 0, told: 0, isBusy: false };
    cursors.set(id, cursor);
    cursor.wanted = Math.max(cursor.wanted, seq);
    if (cursor.isBusy) {
      return;
    }
    cursor.isBusy = true;
    try {
      while (cursor.told < cursor.wanted) {
        await tell(id, cursor);
      }
    } catch {
      // The next message or the next glance at the conversation tries again.
      cursor.wanted = cursor.told;
    } finally {
      cursor.isBusy = false;
    }
  }

  async function tell(id, cursor) {
    const seq = cursor.wanted;
    await request('PUT', `${pathOfConversation(id)}/read`, { body: { seq } });
    cursor.told = seq;
    onRead(id, seq);
  }

  return { advance, reset: () => cursors.clear() };
}
