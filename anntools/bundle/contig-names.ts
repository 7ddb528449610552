/**
 * Which contig a name means. Files of one assembly spell it in many ways: `1`, `chr1`, `NC_000001.11`, `CM000663.2`;
 * `M`, `MT`, `chrM`, `NC_012920.1`. The exact name wins, then told aliases, then the usual spellings.
 */
import { chromosomeOf } from '../genome/chromosome.ts';
import type { ContigModel } from '../models/gene-models.ts';

/** Answers the id (index into `contigs`) of a name in any spelling, or -1. */
export function contigNameIndex(contigs: readonly Pick<ContigModel, 'name' | 'aliases'>[]): (name: string) => number {
  const exact = new Map<string, number>();
  const usual = new Map<string, number>();
  contigs.forEach(({ name }, id) => exact.set(name, id));
  contigs.forEach(({ aliases = [] }, id) => {
    for (const alias of aliases) if (!exact.has(alias)) exact.set(alias, id);
  });
  for (const [name, id] of exact) {
    const key = usualSpelling(name);
    if (!usual.has(key)) usual.set(key, id);
  }
  return (name) => exact.get(name) ?? usual.get(usualSpelling(name)) ?? -1;
}

/**
 * One key for the spellings of a sequence: the number or letter of a chromosome, and for others `chr` cut off, UCSC's
 * `chrUn_KI270302v1` and `chr1_KI270706v1_random` as the accession in them, the old `gi|9626243|ref|NC_001416.1|` too.
 */
function usualSpelling(name: string): string {
  const chromosome = chromosomeOf(name);
  if (chromosome !== null) return chromosome;
  const accession = /^(?:gi\|\d+\|)?(?:ref|gb|emb|dbj)\|([^|]+)\|/.exec(name)?.[1] ?? name;
  const ucsc = /^(?:chr\w+?_)?([A-Z]{1,2}_?\d{5,9})v(\d+)(?:_random|_alt|_fix)?$/.exec(accession);
  if (ucsc) return `${ucsc[1]}.${ucsc[2]}`;
  return mouseChromosome(accession) ?? accession.replace(/^chr(omosome)?[_.]?(?=.)/i, '');
}

/** RefSeq's accessions of mouse chromosomes: NC_000067 is 1, NC_000085 is 19, then X and Y. */
function mouseChromosome(name: string): string | undefined {
  const number = Number(/^NC_0000(\d\d)\.\d+$/.exec(name)?.[1]) - 66;
  if (!(number >= 1 && number <= 21)) return undefined;
  return number === 20 ? 'X' : number === 21 ? 'Y' : `${number}`;
}
