import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asPicture } from '../js/composer/picture_type.js';

const heads = {
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13],
  'image/jpeg': [0xff, 0xd8, 0xff, 0xe0],
  'image/gif': [...Buffer.from('GIF89a')],
  'image/webp': [...Buffer.from('RIFF'), 1, 2, 3, 4, ...Buffer.from('WEBPVP8 ')],
};

const fileOf = (bytes, type) => new File([Uint8Array.from(bytes)], 'a', { type, lastModified: 7 });

describe('the type of a picture', () => {
  for (const [type, head] of Object.entries(heads)) {
    it(`is told by the bytes: ${type}`, async () => {
      for (const declared of ['', 'image/jpg', 'application/octet-stream', 'image/svg+xml']) {
        const picture = await asPicture(fileOf(head, declared));
        assert.deepEqual([picture.type, picture.name, picture.lastModified], [type, 'a', 7], declared);
        assert.deepEqual([...new Uint8Array(await picture.arrayBuffer())], head);
      }
      const file = fileOf(head, type);
      assert.equal(await asPicture(file), file);
    });
  }

  it('is none for what only says that it is a picture', async () => {
    for (const bytes of [
      [],
      [0xff],
      [...Buffer.from('<svg xmlns=')],
      [...Buffer.from('RIFF1234WAVE')],
      [...Buffer.from('GIF88a')],
    ]) {
      assert.equal(await asPicture(fileOf(bytes, 'image/png')), null);
    }
  });

  it('is none for what cannot be read, as a folder', async () => {
    const slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) });
    assert.equal(await asPicture({ type: '', slice }), null);
  });
});
