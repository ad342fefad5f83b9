import { createEvent } from './event.js';

export const longestText = 4000;
const acceptedTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const largestImageBytes = 10 * 1024 * 1024;

// What is being written: a draft with its pictures, or the new text of an own message.
export function createComposer({ drafts, outbox, previews }) {
  const changed = createEvent();
  const rejected = createEvent();
  const editStarted = createEvent();
  let conversation = null;
  let text = '';
  let pictures = [];
  let edited = null;

  function open(id) {
    if (id === conversation) {
      return;
    }
    pictures.forEach((picture) => previews.release(picture.preview));
    conversation = id;
    pictures = [];
    edited = null;
    text = id === null ? '' : drafts.get(id);
    changed.emit();
  }

  function setText(next) {
    text = next;
    if (!edited) {
      drafts.set(conversation, text);
    }
    changed.emit();
  }

  function addPictures(files) {
    for (const file of files) {
      const code = refusalOf(file);
      if (code) {
        rejected.emit({ code });
      } else {
        pictures = [...pictures, { file, preview: previews.create(file) }];
      }
    }
    changed.emit();
  }

  function removePicture(picture) {
    pictures = pictures.filter((other) => other !== picture);
    previews.release(picture.preview);
    changed.emit();
  }

  function startEdit(message) {
    edited = message;
    text = message.text;
    changed.emit();
    editStarted.emit();
  }

  function endEdit() {
    edited = null;
    text = drafts.get(conversation);
    changed.emit();
  }

  function canSubmit() {
    const content = trimmed(text);
    return content.length <= longestText && (content !== '' || (pictures.length > 0 && !edited));
  }

  // The text goes with the first picture; each picture is a message of its own.
  function send() {
    const content = trimmed(text);
    if (pictures.length === 0) {
      outbox.add({ conversation, text: content });
    }
    pictures.forEach((picture, index) => {
      outbox.add({ conversation, text: index === 0 ? content : '', ...picture });
    });
    pictures = [];
    setText('');
  }

  return {
    changed,
    rejected,
    editStarted,
    open,
    setText,
    addPictures,
    removePicture,
    startEdit,
    endEdit,
    canSubmit,
    send,
    text: () => text,
    content: () => trimmed(text),
    remaining: () => longestText - trimmed(text).length,
    pictures: () => pictures,
    edited: () => edited,
  };
}

// Blank lines around a message are noise; the indentation of its first line may be code.
function trimmed(text) {
  return text.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd();
}

function refusalOf(file) {
  if (!acceptedTypes.includes(file.type)) {
    return 'image.unsupported';
  }
  return file.size > largestImageBytes ? 'image.tooLarge' : null;
}
