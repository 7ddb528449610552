/**
 * Breakends as VCF 4.1–4.5 section 5.4 spells them: `t[p[`, `t]p]`, `]p]t`, `[p[t`, and single ones `t.`, `.t`. Two
 * things are told apart that are easily mixed up: on which side of POS the sequence goes on, and on which side of p.
 */

export interface Breakend {
  /** Whether what is kept at POS lies to its left (`t` comes first), POS itself included. */
  keepsLeft: boolean;
  /** Bases between the two ends that neither of them has: the letters less the one that stands for POS. */
  inserted: number;
  /** The other end; null for a single breakend, and where it lies on a contig of the assembly file (`<ctg1>:329`). */
  mate: BreakendMate | null;
}

export interface BreakendMate {
  contig: string;
  /** One-based; 0 and one behind the last base are telomeres. */
  position: number;
  /** Whether what is kept at the mate lies to its left (`]p]`); otherwise to its right (`[p[`). */
  keepsLeft: boolean;
}

const PAIRED = /^([A-Za-z.]*)([[\]])(<?)([^[\]]+?)>?:(\d+)[[\]]([A-Za-z.]*)$/;
const SINGLE = /^(?:(\.)([A-Za-z]+)|([A-Za-z]+)\.)$/;

/** Reads an ALT; null when it is no breakend. */
export function parseBreakend(alt: string): Breakend | null {
  const [, before = '', bracket, angle, contig = '', position, after = ''] = PAIRED.exec(alt) ?? [];
  if (bracket !== undefined) {
    if ((before === '') === (after === '')) return null;
    const isAssembled = angle !== '';
    return {
      keepsLeft: before !== '',
      inserted: before.length + after.length - 1,
      mate: isAssembled ? null : { contig, position: Number(position), keepsLeft: bracket === ']' },
    };
  }
  const [, dot, behind = '', ahead = ''] = SINGLE.exec(alt) ?? [];
  if (behind === '' && ahead === '') return null;
  return { keepsLeft: dot === undefined, inserted: behind.length + ahead.length - 1, mate: null };
}
