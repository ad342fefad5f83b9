import { isolated } from './bidi.js';
import { texts as en } from './text_en.js';
import { texts as zh } from './text_zh.js';

const textsByLanguage = { en, zh };
const localeByLanguage = { en: 'en', zh: 'zh-CN' };
let language = 'en';
let region = 'en';

// Dates follow the reader's own region of the language, as far as the browser tells it (en-GB has 24 hours).
export function setLanguage(next, browserLanguages = []) {
  language = next;
  region = browserLanguages.find((tag) => tag.toLowerCase().startsWith(`${next}-`)) ?? localeByLanguage[next];
}

export function locale() {
  return region;
}

export function pageLanguage() {
  return localeByLanguage[language];
}

// A text is a string, or one string for each plural category, chosen by the value `n`.
export function text(key, values = {}) {
  const entry = textsByLanguage[language][key];
  if (entry === undefined) {
    throw new Error(`No text for the key ${key}`);
  }
  const pattern = typeof entry === 'string' ? entry : pluralOf(entry, values.n);
  return pattern.replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

export function errorText(error) {
  const key = `error.${error.code}`;
  const known = key in textsByLanguage[language];
  return text(known ? key : unknownText(error), { wait: waitText(error.retryAfter) });
}

// For what the page tries again by itself, so that nobody is asked to.
export function retryText(error) {
  const key = { network: 'connection.lost', 'answer.unexpected': 'connection.intercepted' }[error.code];
  return text(key ?? 'connection.busy');
}

function unknownText(error) {
  return error.isPassing ? 'error.server.busy' : 'error.unknown';
}

function waitText(seconds) {
  if (!seconds) {
    return text('error.moment');
  }
  const [count, unit] = seconds < 120 ? [seconds, 'second'] : [seconds / 60, 'minute'];
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.ceil(count),
  );
}

function pluralOf(entry, n) {
  return entry[new Intl.PluralRules(locale()).select(n)] ?? entry.other;
}

function shown(value) {
  return typeof value === 'number' ? new Intl.NumberFormat(locale()).format(value) : isolated(String(value));
}
