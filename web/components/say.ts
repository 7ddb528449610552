/** Numbers and times in the words people use. Pure: the time of day is handed in. */

const grouping = new Intl.NumberFormat('en-US');
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const clockFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
});

/** `1,234,567` */
export function sayCount(count: number): string {
  return grouping.format(Math.round(count));
}

/** `3 variants`, `1 variant` */
export function sayMany(count: number, noun: string): string {
  return `${sayCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `12.3 %`; small shares keep a figure that is not zero: `< 0.1 %`. */
export function sayShare(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 0.1) return '< 0.1 %';
  return percent >= 99.95 ? '100 %' : `${percent.toFixed(1)} %`;
}

/** Seconds as people say them, in at most two units: `45 s`, `3 min 20 s`, `2 h 5 min`, `7 days`. */
export function sayDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 1 && seconds > 0) return `${seconds.toFixed(1)} s`;
  const units: [name: string, size: number][] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, size]) => whole >= size);
  if (first < 0) return '0 s';
  const parts = units.slice(first, first + 2).map(([name, size], i) => {
    const amount = Math.floor(i === 0 ? whole / size : (whole % (units[first]?.[1] ?? 1)) / size);
    return amount === 0 ? '' : name === 'd' ? `${amount} ${amount === 1 ? 'day' : 'days'}` : `${amount} ${name}`;
  });
  return parts.filter(Boolean).join(' ');
}

/** `3 minutes ago`, `in 2 hours`, `just now` */
export function sayWhen(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 5) return seconds > 1 ? 'in a moment' : 'just now';
  const [unit, length] =
    size < 90
      ? (['second', 1] as const)
      : size < 5_400
        ? (['minute', 60] as const)
        : size < 129_600
          ? (['hour', 3_600] as const)
          : size < 3_888_000
            ? (['day', 86_400] as const)
            : (['month', 2_629_800] as const);
  return relative.format(Math.round(seconds / length), unit);
}

/** `22 November 2026, 19:07:12 UTC` */
export function sayExactly(iso: string): string {
  const time = Date.parse(iso);
  return `${dayFormat.format(time)}, ${clockFormat.format(time)} UTC`;
}

/** The engine's messages as sentences: `the file ends early` → `The file ends early.` */
export function saySentence(message: string): string {
  const text = message.trim();
  const begun = /^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

/** The day as the margin of the notebook says it: `Today`, `Yesterday`, `20 November 2026`. */
export function sayDay(iso: string, now: number): string {
  const day = dayFormat.format(Date.parse(iso));
  if (day === dayFormat.format(now)) return 'Today';
  return day === dayFormat.format(now - 86_400_000) ? 'Yesterday' : day;
}
