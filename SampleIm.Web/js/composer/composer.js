import { createEvent } from '../shell/event.js';

// What is being written: a draft with its pictures, or the new text of an own message.
export function createComposer({ drafts, outbox, previews, asPicture, scaled, preferences, limits }) {
  const changed = createEvent();
  const rejected = createEvent();
  const editStarted = createEvent();
  const picturesOf = new Map();
  const editsOf = new Map();
  let conversation = null;
  let text = '';
  let edited = null;
  let judging = 0;
  let owners = 0;

  function open(id) {
    if (id === conversation) {
      return;
    }
    if (edited && text !== edited.text) {
      editsOf.set(conversation, { edited, text });
    }
    conversation = id;
    ({ edited, text } = editsOf.get(id) ?? { edited: null, text: id === null ? '' : drafts.get(id) });
    editsOf.delete(id);
    changed.emit();
  }

  // Another tab has written or sent the draft.
  function onStored(key) {
    if (conversation !== null && !edited && drafts.concerns(key, conversation)) {
      text = drafts.get(conversation);
      changed.emit();
    }
  }

  function setText(next) {
    text = next;
    if (!edited) {
      drafts.set(conversation, text);
    }
    changed.emit();
  }

  function pictures() {
    return picturesOf.get(conversation) ?? [];
  }

  // To the conversation that is open now, also when another one, or nobody, is there before the bytes have been read.
  async function addPictures(files) {
    const [target, owner] = [conversation, owners];
    if (target === null) {
      return;
    }
    judging += 1;
    changed.emit();
    try {
      const judged = await Promise.all(files.map(asPicture));
      if (owner === owners) {
        judged.filter(Boolean).forEach((file) => addPicture(target, file));
        judged.filter((file) => !file).forEach(() => rejected.emit({ code: 'image.unsupported' }));
      }
    } finally {
      // Also where a file could not be judged: otherwise nothing could be sent any more.
      judging -= 1;
      changed.emit();
    }
  }

  async function addPicture(target, file) {
    const picture = { original: file, smaller: null, preview: previews.create(file) };
    picturesOf.set(target, [...(picturesOf.get(target) ?? []), picture]);
    await scale(picture);
  }

  async function scale(picture) {
    try {
      picture.smaller = await scaled(picture.original, limits.current());
      changed.emit();
    } catch (error) {
      // The file was moved or changed after it had been chosen.
      if (!(error instanceof DOMException)) {
        throw error;
      }
      removePicture(picture);
      rejected.emit({ code: 'outbox.pictureLost' });
    }
  }

  // Of a server that was away and has other limits now.
  function scaleTooLarge() {
    const all = [...picturesOf.values()].flat();
    all.filter(({ smaller }) => smaller?.size > limits.current().imageBytes).forEach(scale);
    changed.emit();
  }

  function removePicture(picture) {
    picturesOf.forEach((held, id) => {
      picturesOf.set(
        id,
        held.filter((other) => other !== picture),
      );
    });
    previews.release(picture.preview);
    changed.emit();
  }

  // The file as it would be sent; null while it is being scaled down.
  function fileOf({ original, smaller }) {
    return preferences.originals() ? original : smaller;
  }

  function isTooLarge(picture) {
    return (fileOf(picture)?.size ?? 0) > limits.current().imageBytes;
  }

  function startEdit(message) {
    edited = message;
    text = message.text;
    changed.emit();
    editStarted.emit();
  }

  // A save may end when another conversation is open: then what is kept of the edit goes.
  function endEdit(message = edited) {
    if (message !== edited) {
      forgetEdit(message);
      return;
    }
    edited = null;
    text = drafts.get(conversation);
    changed.emit();
  }

  function forgetEdit(message) {
    if (editsOf.get(message.conversation)?.edited === message) {
      editsOf.delete(message.conversation);
    }
  }

  function canSubmit() {
    const content = trimmed(text);
    if (content.length > limits.current().textLength || (judging > 0 && !edited)) {
      return false;
    }
    if (edited || pictures().length === 0) {
      return content !== '';
    }
    return pictures().every((picture) => fileOf(picture) && !isTooLarge(picture));
  }

  // The text goes with the first picture; each picture is a message of its own.
  function send() {
    const content = trimmed(text);
    const taken = pictures();
    if (taken.length === 0) {
      outbox.add({ conversation, text: content });
    }
    taken.forEach((picture, index) => {
      const caption = index === 0 ? content : '';
      outbox.add({ conversation, text: caption, file: fileOf(picture), preview: picture.preview });
    });
    picturesOf.delete(conversation);
    setText('');
  }

  // Nothing stays for anyone who uses this browser next.
  function clear() {
    owners += 1;
    [...picturesOf.values()].flat().forEach(({ preview }) => previews.release(preview));
    picturesOf.clear();
    editsOf.clear();
  }

  preferences.changed.on(changed.emit);
  limits.changed.on(scaleTooLarge);

  return {
    changed,
    rejected,
    editStarted,
    open,
    onStored,
    setText,
    addPictures,
    removePicture,
    isTooLarge,
    startEdit,
    endEdit,
    canSubmit,
    send,
    clear,
    pictures,
    text: () => text,
    content: () => trimmed(text),
    remaining: () => limits.current().textLength - trimmed(text).length,
    edited: () => edited,
  };
}

// Blank lines around a message are noise; the indentation of its first line may be code.
function trimmed(text) {
  return text.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd();
}
