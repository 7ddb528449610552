/**
 * The one way to write an allele (Tan, Abecasis & Kang 2015, doi:10.1093/bioinformatics/btv112): as far to the left as
 * possible and with no base too many. The alleles of a record are aligned together: while all of them end in the same
 * base it is taken off, and where one becomes empty the reference's base before them is put in front of all; then, from
 * the left, bases they share are taken off while each keeps one.
 */
import { roomToTheLeft } from '../genome/left-most.ts';

/** The base of the contig at a zero-based offset, as an upper-case letter. */
export type BaseAt = (offset: number) => string;

export interface Aligned {
  /** Zero-based offset of the first base. */
  start: number;
  /** REF and ALTs. */
  alleles: string[];
}

/** Aligns alleles of bases; REF must be the reference's. */
export function leftAlign(start: number, alleles: readonly string[], baseAt: BaseAt): Aligned {
  const [ref = ''] = alleles;
  const shortest = Math.min(...alleles.map(({ length }) => length));
  const fromEnd = (allele: string, i: number): string => allele.charAt(allele.length - 1 - i).toUpperCase();
  let cut = 0;
  // The shortest allele must keep a base, unless there is one before it.
  while (cut < shortest - (start > 0 ? 0 : 1) && alleles.every((allele) => fromEnd(allele, cut) === fromEnd(ref, cut)))
    cut++;
  if (cut === shortest) {
    const rest = alleles.map((allele) => allele.slice(0, allele.length - cut)).filter((bases) => bases !== '');
    const room = (bases: string): number =>
      roomToTheLeft(start, bases.length, (i) => bases.charAt(i).toUpperCase(), baseAt, start - 1);
    cut += Math.min(start - 1, ...rest.map(room));
  }
  // Below `start` all alleles read the reference.
  const letter = (allele: string, at: number): string =>
    at < 0 ? baseAt(start + at) : allele.charAt(at).toUpperCase();
  let from = Math.min(0, shortest - cut - 1);
  while (shortest - cut - from > 1) {
    const first = letter(ref, from);
    if (!alleles.every((allele) => letter(allele, from) === first)) break;
    from++;
  }
  return { start: start + from, alleles: alleles.map((allele) => spell(allele, from, allele.length - cut)) };

  function spell(allele: string, begin: number, end: number): string {
    let text = '';
    for (let at = begin; at < Math.min(end, 0); at++) text += baseAt(start + at);
    return text + allele.slice(Math.max(0, begin), Math.max(0, end));
  }
}

/** How far the bases [start, end) can be moved to the left when they are deleted or repeated; a base stays before them. */
export function leftShift(start: number, end: number, baseAt: BaseAt): number {
  return roomToTheLeft(start, end - start, (i) => baseAt(start + i), baseAt, start - 1);
}
