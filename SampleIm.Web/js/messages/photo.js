const mostPx = 2048;
const quality = 0.88;
// Smaller ones show nothing any more.
const leastPx = 64;
const animationMarks = ['ANIM', 'acTL'];
const headBytes = 4096;

// A photo as it is sent: scaled down when it is large or more than the server takes, and then without what the camera wrote
// into it (place, time).
// Answers the file itself when there is nothing to gain or nothing that this browser can do.
export async function scaled(file, limits) {
  if (file.type === 'image/gif' || (await isAnimated(file))) {
    return file;
  }
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (!bitmap) {
    return file;
  }
  try {
    return await redrawn(bitmap, file, limits);
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

async function redrawn(bitmap, file, { imageBytes, imagePixels }) {
  let size = sizeWithin(bitmap, mostPx, imagePixels);
  if (size.width === bitmap.width && size.height === bitmap.height && file.size <= imageBytes) {
    return file;
  }
  let drawn = await drawing(bitmap, file, size);
  while (drawn.size > imageBytes && longer(size) > leastPx) {
    // Half as many bytes need about half as many pixels.
    const factor = Math.min(0.9, Math.max(0.5, 0.95 * Math.sqrt(imageBytes / drawn.size)));
    size = sizeWithin(size, longer(size) * factor);
    drawn = await drawing(bitmap, file, size);
  }
  return drawn;
}

async function drawing(bitmap, file, size) {
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

function longer({ width, height }) {
  return Math.max(width, height);
}

export function sizeWithin({ width, height }, limitPx, limitPixels = Infinity) {
  const scale = Math.min(1, limitPx / width, limitPx / height, Math.sqrt(limitPixels / (width * height)));
  // Rounded up both ways there might be a few pixels too many.
  const round = limitPixels < width * height ? Math.floor : Math.round;
  return { width: Math.max(1, round(width * scale)), height: Math.max(1, round(height * scale)) };
}
