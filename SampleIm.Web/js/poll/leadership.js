import { createEvent } from '../shell/event.js';

const beatMs = 700;
// Shorter than the server's presence window less one poll, so that nobody drops out of the list when a tab crashes.
const patienceMs = 1800;
const helloMs = 100;

// Which tab of a browser works for all of them. The leader beats; a follower that hears nothing for a while leads.
// Two leaders hear each other's beat, and the one with the greater id gives way. Web Locks would be exact, but they
// exist under https only, and a chat on a LAN is often plain http.
export function createLeadership({ channel, timers, newId, random = Math.random }) {
  const changed = createEvent();
  const id = newId();
  let role = 'none';
  let timer = null;

  function join() {
    if (role !== 'none') {
      return;
    }
    if (!channel.canSpeak) {
      become('leader');
      return;
    }
    role = 'follower';
    leadIn(helloMs);
    channel.post({ kind: 'hello' });
  }

  function leave() {
    timers.clearTimeout(timer);
    if (role === 'leader') {
      channel.post({ kind: 'bye' });
    }
    role = 'none';
  }

  function leadIn(delayMs) {
    timers.clearTimeout(timer);
    timer = timers.setTimeout(() => {
      become('leader');
      beat();
    }, delayMs);
  }

  function beat() {
    timers.clearTimeout(timer);
    timer = timers.setTimeout(beat, beatMs);
    channel.post({ kind: 'beat', id });
  }

  function become(next) {
    role = next;
    changed.emit(role === 'leader');
  }

  function hearAsLeader(message) {
    if (message.kind === 'hello' || (message.kind === 'beat' && message.id > id)) {
      beat();
    } else if (message.kind === 'beat') {
      leadIn(patienceMs);
      become('follower');
    }
  }

  function hearAsFollower(message) {
    if (message.kind === 'beat') {
      leadIn(patienceMs);
    } else if (message.kind === 'bye') {
      leadIn(random() * helloMs);
    }
  }

  channel.received.on((message) => {
    if (role === 'leader') {
      hearAsLeader(message);
    } else if (role === 'follower') {
      hearAsFollower(message);
    }
  });

  return { changed, join, leave, isLeader: () => role === 'leader' };
}
