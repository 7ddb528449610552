/** Errors that point at the character of an expression where they lie, with a hint where there is one. */
import { InputError } from '../errors.ts';

/** Characters of the expression shown on either side. */
const CONTEXT = 40;

/**
 * @param at offset of the character in the expression.
 * @param hint what to do instead.
 */
export function expressionError(expression: string, at: number, problem: string, hint = ''): InputError {
  const plain = expression.replace(/\s/g, ' ');
  const from = Math.max(0, at - CONTEXT);
  const to = Math.min(plain.length, at + CONTEXT);
  const before = from > 0 ? '…' : '';
  const line = `${before}${plain.slice(from, to)}${to < plain.length ? '…' : ''}`;
  const caret = `${' '.repeat(before.length + at - from)}^`;
  const advice = hint === '' ? '' : `: ${hint}`;
  return new InputError(
    'BAD_OPTION',
    `the expression: character ${at + 1}: ${problem}${advice}\n  ${line}\n  ${caret}`,
  );
}

/** `did you mean X?` for the nearest of the names, if one is near; or some of them. */
export function didYouMean(given: string, names: Iterable<string>): string {
  const all = [...names];
  const lower = given.toLowerCase();
  const limit = Math.max(1, Math.floor(given.length / 3));
  const near = all
    .filter((name) => Math.abs(name.length - given.length) <= limit)
    .map((name) => ({ name, distance: editDistance(lower, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance);
  const begins = all.filter((name) => name.toLowerCase().startsWith(lower));
  const best = begins[0] ?? near[0]?.name;
  if (best !== undefined) return `did you mean ${best}?`;
  return all.length === 0 ? '' : `there is ${all.slice(0, 8).join(', ')}${all.length > 8 ? ', …' : ''}`;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
