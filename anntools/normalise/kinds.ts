/** What kinds of change a record holds, as far as splitting, joining and finding duplicates tell them apart. */

export type Kind = 'reference' | 'snp' | 'mnp' | 'indel' | 'other';

/** The kind of an ALT, after what both sides share is taken off; `other`: both lengths and bases, or no bases at all. */
export function kindOf(ref: string, alt: string): Kind {
  if (alt === '.' || alt === '<*>' || alt === '<NON_REF>' || alt === '*') return 'reference';
  if (!/^[A-Za-z]+$/.test(alt)) return 'other';
  const from = ref.toUpperCase();
  const to = alt.toUpperCase();
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && from[head] === to[head]) head++;
  let tail = 0;
  while (tail < shorter - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  const removed = from.length - head - tail;
  const added = to.length - head - tail;
  if (removed === 0 || added === 0) return removed === added ? 'reference' : 'indel';
  if (removed !== added) return 'other';
  return removed === 1 ? 'snp' : 'mnp';
}

/** The kinds of a record's ALTs; `reference` alone where it has none. */
export function kindsOf([ref = '', ...alts]: readonly string[]): Set<Kind> {
  const kinds = new Set(alts.map((alt) => kindOf(ref, alt)));
  if (kinds.size > 1) kinds.delete('reference');
  if (kinds.size === 0) kinds.add('reference');
  return kinds;
}

/** Which records an operation is for. */
export type Which = 'snps' | 'indels' | 'both' | 'any';

export function isAmong(kinds: ReadonlySet<Kind>, which: Which): boolean {
  if (which === 'snps') return kinds.has('snp') || kinds.has('mnp');
  if (which === 'indels') return kinds.has('indel');
  return true;
}
