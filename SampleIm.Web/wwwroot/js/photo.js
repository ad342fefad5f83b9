const mostPx = 2048;
const quality = 0.88;
const animationMarks = ['ANIM', 'acTL'];
const headBytes = 4096;

// A photo as it is sent: scaled down when it is large, and then without what the camera wrote into it (place, time).
// Answers the file itself when there is nothing to gain or nothing that this browser can do.
export async function scaled(file) {
  if (file.type === 'image/gif' || (await isAnimated(file))) {
    return file;
  }
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (!bitmap) {
    return file;
  }
  try {
    return await redrawn(bitmap, file);
  } finally {
    bitmap.close();
  }
}

// A drawing would keep the first frame only.
async function isAnimated(file) {
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  const letters = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
  return animationMarks.some((mark) => letters.includes(mark));
}

async function redrawn(bitmap, file) {
  const size = sizeWithin(bitmap, mostPx);
  if (size.width === bitmap.width && size.height === bitmap.height) {
    return file;
  }
  const canvas = Object.assign(document.createElement('canvas'), size);
  const pen = canvas.getContext('2d');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(bitmap, 0, 0, size.width, size.height);
  // WebP keeps what is transparent; a browser that cannot write it writes PNG.
  const type = file.type === 'image/jpeg' ? 'image/jpeg' : 'image/webp';
  const blob = await new Promise((resolve) => {
    canvas.toBlob(resolve, type, quality);
  });
  return blob ? new File([blob], file.name, { type: blob.type }) : file;
}

export function sizeWithin({ width, height }, limitPx) {
  const scale = Math.min(1, limitPx / width, limitPx / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
