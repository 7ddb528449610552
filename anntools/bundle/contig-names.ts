/**
 * Which contig a name means. Files of one assembly spell it in many ways: `1`, `chr1`, `NC_000001.11`, `CM000663.2`;
 * `M`, `MT`, `chrM`, `NC_012920.1`. The exact name wins, then told aliases, then the usual spellings.
 */
import type { ContigModel } from './models.ts';

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

/** One key for the spellings of a chromosome: `chr` cut off, `M` as `MT`, RefSeq's human accessions as their number. */
function usualSpelling(name: string): string {
  const short = name.replace(/^chr(omosome)?[_.]?/i, '');
  const accession = /^NC_0000(0[1-9]|1[0-9]|2[0-4])\.\d+$/.exec(short);
  if (accession) {
    const number = Number(accession[1]);
    return number === 23 ? 'X' : number === 24 ? 'Y' : `${number}`;
  }
  if (/^(M|MT|NC_012920\.1|mito(chondrion)?)$/i.test(short)) return 'MT';
  return short;
}
