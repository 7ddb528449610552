/**
 * Human chromosomes in every spelling: `1`, `chr1`, `Chr01`, `NC_000001.11`, `CM000663.2`; `M`, `MT`, `chrM`. An
 * accession with its version also says which assembly it belongs to.
 */

/** `1` … `22`, `X`, `Y`, `MT`, in karyotype order. */
export const CHROMOSOMES: readonly string[] = [...Array.from({ length: 22 }, (_, i) => `${i + 1}`), 'X', 'Y', 'MT'];

const MITOCHONDRION = /^(chr)?(M|MT|mito|NC_012920\.1|J01415\.2)$/i;

/** The human chromosome a contig name means, or null. */
export function chromosomeOf(name: string): string | null {
  if (MITOCHONDRION.test(name)) return 'MT';
  const plain = /^(?:chr(?:omosome)?[_.]?)?0?(\d{1,2}|[XY])$/i.exec(name)?.[1]?.toUpperCase();
  if (plain !== undefined) return CHROMOSOMES.includes(plain) ? plain : null;
  return accessionOf(name)?.chromosome ?? null;
}

/** Versions of RefSeq's NC_000001 … NC_000024 in GRCh38; GRCh37 has one less, NCBI36 two less. */
const REFSEQ_GRCH38 = [11, 12, 12, 12, 10, 12, 14, 11, 12, 11, 10, 12, 11, 9, 10, 10, 11, 10, 10, 11, 9, 11, 11, 10];
const REFSEQ_ASSEMBLIES = ['GRCh38', 'GRCh37', 'NCBI36'];

export interface Accession {
  chromosome: string;
  /** Name of the assembly the version belongs to; empty when the version is not known. */
  assembly: string;
}

/** The chromosome and assembly of a RefSeq or GenBank accession, or null for any other name. */
export function accessionOf(name: string): Accession | null {
  const [, prefix, digits, version] = /^(NC_|CM|CP)(\d{6})\.(\d+)$/.exec(name) ?? [];
  const number = Number(digits);
  const nth = (index: number, assembly: string | undefined): Accession | null =>
    index >= 0 && index < 24 ? { chromosome: CHROMOSOMES[index], assembly: assembly ?? '' } : null;
  if (prefix === 'NC_' && number <= 24) {
    return nth(number - 1, REFSEQ_ASSEMBLIES[REFSEQ_GRCH38[number - 1] - Number(version)]);
  }
  if (prefix === 'NC_') return nth(number - 60925, 'T2T-CHM13v2.0');
  if (prefix === 'CM') return nth(number - 663, { 1: 'GRCh37', 2: 'GRCh38' }[version]);
  if (prefix === 'CP') return number === 86569 ? nth(23, 'T2T-CHM13v2.0') : nth(68277 - number, 'T2T-CHM13v2.0');
  return null;
}
