import { locale } from './text.js';

export function time(moment) {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit' }).format(moment);
}

export function dateAndTime(moment) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'full', timeStyle: 'short' }).format(moment);
}

// "Today" and "Yesterday" in the reader's language, then weekdays, then dates.
export function day(moment, now = new Date()) {
  const daysAgo = daysBetween(moment, now);
  if (daysAgo === 0 || daysAgo === 1) {
    const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(-daysAgo, 'day');
    return relative.charAt(0).toLocaleUpperCase(locale()) + relative.slice(1);
  }
  const options = { weekday: 'long', month: 'long', day: 'numeric' };
  if (moment.getFullYear() !== now.getFullYear()) {
    options.year = 'numeric';
  }
  return new Intl.DateTimeFormat(locale(), options).format(moment);
}

export function timeOrDay(moment, now = new Date()) {
  const daysAgo = daysBetween(moment, now);
  if (daysAgo <= 0) {
    return time(moment);
  }
  if (daysAgo < 7) {
    return new Intl.DateTimeFormat(locale(), { weekday: 'short' }).format(moment);
  }
  const options = { month: 'numeric', day: 'numeric' };
  if (moment.getFullYear() !== now.getFullYear()) {
    options.year = '2-digit';
  }
  return new Intl.DateTimeFormat(locale(), options).format(moment);
}

export function count(n) {
  return n > 99
    ? `${new Intl.NumberFormat(locale()).format(99)}+`
    : new Intl.NumberFormat(locale()).format(n);
}

function daysBetween(earlier, later) {
  // Noon to noon, rounded: a day of daylight saving has 23 or 25 hours.
  const noon = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate(), 12).getTime();
  return Math.round((noon(later) - noon(earlier)) / 86_400_000);
}
