/**
 * The named classes of difference from VEP, as docs/decisions/030-divergences-from-vep.md tells them: each is a rule
 * that recognises its differences. What no rule recognises fails the conformance test.
 */
import type { Difference } from './answers.ts';

export interface DivergenceClass {
  /** The heading in the decision page. */
  name: string;
  holds(difference: Difference): boolean;
}

/** Terms that only one side has. */
function unlike({ want, got }: Difference): string[] {
  const a = new Set(want.split('&'));
  const b = new Set(got.split('&'));
  return [...a, ...b].filter((term) => a.has(term) !== b.has(term));
}

const terms = (difference: Difference) => difference.column === 'Consequence';
const coding = (difference: Difference) => difference.column === 'HGVSc';
const protein = (difference: Difference) => difference.column === 'HGVSp';
const reverse = ({ row }: Difference) => row['STRAND'] === '-1';

export const divergences: readonly DivergenceClass[] = [
  {
    name: 'splice region of changes in several places',
    holds: (d) => terms(d) && unlike(d).join() === 'splice_region_variant' && d.got.includes('splice_region_variant'),
  },
  {
    name: 'start of an incomplete coding sequence',
    holds: (d) => d.want.includes('start_lost') && !d.got.includes('start_lost') && terms(d),
  },
  {
    name: 'no term at all',
    holds: (d) => d.want === 'intergenic_variant' && terms(d) && /coding_transcript_variant/.test(d.got),
  },
  {
    name: 'start lost and retained by a structural allele',
    holds: (d) => terms(d) && d.key.includes('<') && unlike(d).join() === 'start_retained_variant',
  },
  {
    name: 'breakend without a row',
    holds: (d) => d.want === '' && terms(d) && d.got === 'intergenic_variant',
  },
  {
    name: 'over the end of the transcript',
    holds: (d) => coding(d) && (d.want === '' || (d.got === '' && /\+1ins|_\*1ins/.test(d.want))),
  },
  {
    name: 'start lost',
    holds: (d) => protein(d) && /^\S+:p\.[A-Z][a-z]{2}1\?$/.test(d.got),
  },
  {
    name: 'unknown residue',
    holds: (d) => protein(d) && d.got.includes('Xaa') && d.got.replaceAll('Xaa', 'Ter') === d.want,
  },
  {
    name: 'residue 0',
    holds: (d) => protein(d) && d.got === '' && (/\D0_/.test(d.want) || d.row['CDS_position'] === ''),
  },
  {
    name: 'transcript ends before anything differs',
    holds: (d) => protein(d) && d.got.endsWith(':p.?') && d.want.includes('fsTer?'),
  },
  {
    name: 'inserted residues',
    holds: (d) => protein(d) && /ins|dup/.test(d.got) && /ins|dup/.test(d.want),
  },
  {
    name: 'start of an incomplete coding sequence, its protein',
    holds: (d) => protein(d) && /_\?\d+$/.test(d.want),
  },
  {
    name: 'insertion shifted along the reverse strand',
    holds: (d) =>
      protein(d) &&
      reverse(d) &&
      d.want.replace(/^(\S+\d+)[A-Z][a-z]{2}fs/, '$1fs') === d.got.replace(/^(\S+\d+)[A-Z][a-z]{2}fs/, '$1fs'),
  },
];

/** The name of the class a difference belongs to; undefined when there is none. */
export function classOf(difference: Difference): string | undefined {
  return divergences.find(({ holds }) => holds(difference))?.name;
}
