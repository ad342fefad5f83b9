import $ from 'jquery/slim';
import { text } from '../text/text.js';

// Reads new messages of the open conversation out to a screen reader. The log itself keeps silent: rows come and go in it
// while one scrolls, and those are no news.
export function initAnnouncer({ openTalk, account }) {
  const $announcer = $('.js-announcer');
  let heardSeq = null;
  let spoken = [];

  function follow() {
    const messages = openTalk.current()?.messages;
    if (!messages?.isReady()) {
      return;
    }
    const news = heardSeq === null ? [] : messages.list().filter(({ seq }) => seq > heardSeq);
    heardSeq = Math.max(heardSeq ?? 0, messages.latestSeq());
    const me = account.current().username;
    const ofOthers = news.filter(({ sender, recalledAt }) => sender.username !== me && !recalledAt);
    if (ofOthers.length > 0) {
      say(ofOthers);
    } else if (spoken.some(({ seq, version }) => messages.find(seq)?.version !== version)) {
      // What was recalled stays nowhere in the page.
      say([]);
    }
  }

  function say(messages) {
    spoken = messages;
    $announcer.text(messages.map(wordsOf).join('\n'));
  }

  openTalk.changed.on(() => {
    heardSeq = null;
    say([]);
    follow();
  });
  openTalk.updated.on(follow);
}

function wordsOf({ sender, text: words }) {
  return text('preview.from', { sender: sender.displayName, preview: words || text('preview.image') });
}
