import { now as present } from './clock.js';
import { locale } from './text.js';

// Making a formatter takes longer than drawing a row; each is made once.
const formatters = new Map();
const sizeUnits = [
  ['gigabyte', 2 ** 30],
  ['megabyte', 2 ** 20],
  ['kilobyte', 2 ** 10],
];

function formatter(Formatter, options = {}) {
  const key = `${Formatter.name}|${locale()}|${JSON.stringify(options)}`;
  if (!formatters.has(key)) {
    formatters.set(key, new Formatter(locale(), options));
  }
  return formatters.get(key);
}

export function time(moment) {
  return formatter(Intl.DateTimeFormat, { hour: '2-digit', minute: '2-digit' }).format(moment);
}

export function dateAndTime(moment) {
  return formatter(Intl.DateTimeFormat, { dateStyle: 'full', timeStyle: 'short' }).format(moment);
}

// "Today" and "Yesterday" in the reader's language, then weekdays, then dates.
export function day(moment, now = present()) {
  const daysAgo = daysBetween(moment, now);
  if (daysAgo === 0 || daysAgo === 1) {
    const relative = formatter(Intl.RelativeTimeFormat, { numeric: 'auto' }).format(-daysAgo, 'day');
    return relative.charAt(0).toLocaleUpperCase(locale()) + relative.slice(1);
  }
  const options = { weekday: 'long', month: 'long', day: 'numeric' };
  if (moment.getFullYear() !== now.getFullYear()) {
    options.year = 'numeric';
  }
  return formatter(Intl.DateTimeFormat, options).format(moment);
}

export function timeOrDay(moment, now = present()) {
  const daysAgo = daysBetween(moment, now);
  if (daysAgo <= 0) {
    return time(moment);
  }
  if (daysAgo < 7) {
    return formatter(Intl.DateTimeFormat, { weekday: 'short' }).format(moment);
  }
  const options = { month: 'numeric', day: 'numeric' };
  if (moment.getFullYear() !== now.getFullYear()) {
    options.year = '2-digit';
  }
  return formatter(Intl.DateTimeFormat, options).format(moment);
}

export function count(n) {
  return n > 99 ? `${formatter(Intl.NumberFormat).format(99)}+` : formatter(Intl.NumberFormat).format(n);
}

// Rounded down, so that nothing of this size is above it.
export function size(bytes) {
  const [unit, unitBytes] = sizeUnits.find(([, least]) => bytes >= least) ?? sizeUnits.at(-1);
  const options = { style: 'unit', unit, maximumFractionDigits: 1 };
  return formatter(Intl.NumberFormat, options).format(Math.floor((10 * bytes) / unitBytes) / 10);
}

function daysBetween(earlier, later) {
  // Noon to noon, rounded: a day of daylight saving has 23 or 25 hours.
  const noon = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate(), 12).getTime();
  return Math.round((noon(later) - noon(earlier)) / 86_400_000);
}
