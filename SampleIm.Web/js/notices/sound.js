const quietForMs = 2000;
const notes = [
  { hertz: 659.25, atSeconds: 0 },
  { hertz: 880, atSeconds: 0.11 },
];
const noteSeconds = 0.22;
const loudness = 0.09;

// Two soft notes, made on the spot. A browser lets a page sound only after somebody has touched it.
export function createSound({ AudioContext, nowMs }) {
  let context = null;
  let lastMs = -Infinity;

  async function play() {
    if (!AudioContext || nowMs() - lastMs < quietForMs) {
      return;
    }
    lastMs = nowMs();
    context ??= new AudioContext();
    await context.resume();
    notes.forEach(playNote);
  }

  function playNote({ hertz, atSeconds }) {
    const begin = context.currentTime + atSeconds;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(loudness, begin + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.0001, begin + noteSeconds);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(begin);
    oscillator.stop(begin + noteSeconds);
  }

  return { play };
}
