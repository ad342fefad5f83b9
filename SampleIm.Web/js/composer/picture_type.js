const headBytes = 12;
const marks = [
  ['image/png', /^89504e470d0a1a0a/],
  ['image/jpeg', /^ffd8ff/],
  ['image/gif', /^474946383[79]61/],
  ['image/webp', /^52494646.{8}57454250/],
];

// The file under the type that its bytes tell, as the server will judge it: systems name it `image/jpg`, or leave it out.
// Null for what is no picture, or what cannot be read, as a folder that was dropped.
export async function asPicture(file) {
  const head = await file.slice(0, headBytes).arrayBuffer().catch(whenUnreadable);
  const digits = Array.from(new Uint8Array(head), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const type = marks.find(([, mark]) => mark.test(digits))?.[0];
  if (!type || type === file.type) {
    return type ? file : null;
  }
  return new File([file], file.name, { type, lastModified: file.lastModified });
}

function whenUnreadable(error) {
  if (error instanceof DOMException) {
    return new ArrayBuffer(0);
  }
  throw error;
}
