/** Numbers as people read them. */

/** `12,345`. */
export function say(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 record`, `2,000 records`. */
export function sayMany(count: number, noun: string): string {
  return `${say(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `12.3 %` of a total; something is never told as nothing, nor less than all as all. */
export function sayShare(count: number, total: number): string {
  if (total === 0) return '';
  const percent = (100 * count) / total;
  if (count > 0 && percent < 0.05) return '< 0.1 %';
  return count < total && percent >= 99.95 ? '> 99.9 %' : `${percent.toFixed(1)} %`;
}
