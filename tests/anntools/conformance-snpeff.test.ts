/**
 * SnpEff 5.1d's answers for the ClinVar records of chromosome 20 and ours, in the specification's manner: the same rows,
 * and differences of the classes that docs/decisions/031-differences-from-snpeff.md names, no others. Needs the shared
 * data.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { ourRows, recordsOf, referenceOf, SHARED } from './conformance/answers.ts';

const SNPEFF = join(SHARED, 'expected/snpeff.clinvar37.20.vcf.gz');
const columns = ['Allele', 'Consequence', 'Feature', 'HGVSc', 'HGVSp'];

interface Pair {
  terms: [theirs: string, ours: string];
  coding: [theirs: string, ours: string];
  protein: [theirs: string, ours: string];
}

const sorted = (terms: readonly string[]) => [...new Set(terms)].sort().join('&');
const changeOf = (hgvs: string | undefined) => decodeURIComponent(hgvs ?? '').replace(/^[^:]*:/, '');

function pairs(): Pair[] {
  const genes = join(SHARED, 'genes/grch37/gencodeV7.grch37.chr20.gff3.gz');
  const reference = referenceOf(join(SHARED, 'ref/grch37/20.fa.gz'), genes);
  const ours = ourRows(reference, SNPEFF, { distance: 5000, transcripts: 'all', columns, manner: 'specification' });
  const found: Pair[] = [];
  for (const record of recordsOf(SNPEFF)) {
    const annotation = /(?:^|;)ANN=([^;]*)/.exec(record.text(7))?.[1] ?? '';
    for (const row of annotation.split(',')) {
      const [allele = '', terms = '', , , , kind, feature = '', , , coding = '', protein = ''] = row.split('|');
      if (kind !== 'transcript') continue;
      const place = [record.text(0), record.text(1), record.text(3), record.text(4)];
      const key = [...place, record.text(4).includes(',') ? allele : '', feature].join(' ');
      const mine = ours.get(key)?.columns ?? {};
      found.push({
        terms: [sorted(terms.split('&')), sorted((mine['Consequence'] ?? 'missing').split('&'))],
        coding: [coding, changeOf(mine['HGVSc'])],
        protein: [protein.replaceAll('*', 'Ter'), changeOf(mine['HGVSp'])],
      });
    }
  }
  return found;
}

const without = (terms: string, ...gone: string[]) => sorted(terms.split('&').filter((term) => !gone.includes(term)));

/** Whether the terms are the same, or differ as the page says. */
function sameTerms([theirs, ours]: Pair['terms']): boolean {
  const simple = theirs
    .replaceAll(/(?:conservative|disruptive)_inframe/g, 'inframe')
    .replace('5_prime_UTR_premature_start_codon_gain_variant', '5_prime_UTR_variant');
  // Terms that SnpEff does not have.
  const known = sorted(
    without(ours, 'splice_polypyrimidine_tract_variant')
      .replace(/splice_donor_(?:region|5th_base)_variant/, 'splice_region_variant')
      .split('&'),
  );
  if (simple === known) return true;
  if (/splice_(?:donor|acceptor)_variant/.test(simple) && without(simple, 'intron_variant') === known) return true;
  // One effect on the protein is told here.
  const first = without(simple, 'missense_variant', 'synonymous_variant');
  if (first === known || (ours === 'stop_gained' && first.includes('stop_gained'))) return true;
  if (ours === 'protein_altering_variant' && first === 'inframe_deletion') return true;
  if (ours === 'frameshift_variant&stop_gained' && simple === 'frameshift_variant') return true;
  // Over an exon border.
  if (ours === 'coding_sequence_variant&splice_acceptor_variant' && simple.startsWith('frameshift_variant&'))
    return true;
  // UTR and splice region in two rows, or at the end of a transcript.
  if (/_prime_UTR_variant/.test(known) && (simple === 'splice_region_variant' || known.includes(simple))) return true;
  // Asked after the 3' shift.
  return ours === 'splice_donor_variant' && simple === 'intron_variant&splice_region_variant';
}

function sameProtein([theirs, ours]: Pair['protein']): boolean {
  if (theirs === ours) return true;
  const [, residue = '', position = ''] = /^p\.([A-Z][a-z]{2})(\d+)/.exec(ours) ?? [];
  if (ours.endsWith('=')) return theirs === `p.${residue}${position}${residue}`;
  if (/^p\.(?:[A-Z][a-z]{2})+\d+fs$/.test(theirs)) {
    return ours === '' || /fsTer(?:\d+|\?)$|\d+Ter$|extTer(?:\d+|\?)$/.test(ours);
  }
  const [, residues = '', start = '', alt = ''] =
    /^p\.((?:[A-Z][a-z]{2}){2})(\d+)((?:[A-Z][a-z]{2}){2})$/.exec(theirs) ?? [];
  const second = `${residues.slice(3)}${Number(start) + 1}`;
  if (residues !== '') return ours === `p.${residues.slice(0, 3)}${start}_${second}delins${alt}`;
  // The 3' rule, and a duplication where it can be one.
  return /^p\.\S+_\S+(?:del|dup)$/.test(ours) && /del|ins/.test(theirs);
}

setDefaultTimeout(120_000);

describe.skipIf(!existsSync(SNPEFF))('SnpEff 5.1d on ClinVar, chromosome 20 (needs shared data)', () => {
  let all: Pair[] = [];
  beforeAll(() => {
    all = pairs();
    expect(all.length).toBe(8175);
  });

  test('terms differ by the named classes only', () => {
    expect(all.filter(({ terms: [theirs, ours] }) => theirs === ours).length).toBe(7460);
    expect(all.map(({ terms }) => terms).filter((terms) => !sameTerms(terms))).toEqual([]);
  });

  test('HGVSc is the same but for the letters of lost and copied bases', () => {
    const told = all.map(({ coding }) => coding).filter(([, ours]) => ours !== '');
    expect(told.length).toBe(7628);
    const plain = (hgvs: string) => hgvs.replace(/(del|dup)[ACGT]+/, '$1');
    expect(told.filter(([theirs, ours]) => plain(theirs) !== ours)).toEqual([]);
  });

  test('HGVSp differs by the named classes only', () => {
    const told = all.map(({ protein }) => protein).filter(([theirs, ours]) => theirs !== '' || ours !== '');
    expect(told.filter(([theirs, ours]) => theirs === ours).length).toBe(4509);
    expect(told.filter((protein) => !sameProtein(protein))).toEqual([]);
  });
});
