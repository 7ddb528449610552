/** Numbers as people read them. */

/** `12,345`. */
export function say(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 record`, `2,000 records`. */
export function sayMany(count: number, noun: string): string {
  return `${say(count)} ${noun}${count === 1 ? '' : 's'}`;
}
