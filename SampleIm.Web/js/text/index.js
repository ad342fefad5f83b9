export { hearServerTime } from './clock.js';
export { retryText, text } from './text.js';
