/** Whether a reference fits a file: which of its contigs may be annotated with it, and what to say of the others. */
import type { Reference } from '../bundle/reference.ts';
import { ASSEMBLIES, RCRS_LENGTH, assemblyNamed } from '../genome/assemblies.ts';
import type { Agreement } from '../genome/assembly.ts';
import { CHROMOSOMES, chromosomeOf } from '../genome/chromosome.ts';
import type { KnownManifest } from '../lookup/known-format.ts';
import type { Survey } from './survey.ts';

export interface Fit {
  /** Whether the chromosomes of the nucleus are those of the reference, and whether the mitochondrion is. */
  nuclear: boolean;
  mitochondrion: boolean;
  /** Contigs of the header with another length than the reference's. */
  foreignContigs: string[];
  /** Whether every contig of the header that has a length has the reference's. */
  sameLengths: boolean;
}

/** Fewer bases than this tell nothing. */
const COMPARED_MIN = 10;

export function fit({ header, verdict, bases }: Survey, reference: Reference): Fit {
  const { contigs } = reference;
  const compared = header.contigs.flatMap(({ name, length }) => {
    const id = contigs.idOf(name);
    return length > 0 && id >= 0 ? [{ name, same: contigs.lengths[id] === length }] : [];
  });
  const foreignContigs = compared.filter(({ name, same }) => !same && !agrees(bases.get(name))).map(({ name }) => name);
  const mitochondria = [...bases].filter(([name]) => chromosomeOf(name) === 'MT');
  return {
    nuclear: nuclearFits(verdict, reference, bases),
    mitochondrion: !mitochondria.some(([, agreement]) => disagrees(agreement)),
    foreignContigs,
    sameLengths: compared.length > 0 && compared.every(({ same }) => same),
  };
}

function nuclearFits(verdict: Survey['verdict'], reference: Reference, bases: Survey['bases']): boolean {
  const assembly = assemblyNamed(reference.assembly);
  if (assembly) return verdict.name === '' ? !verdict.excluded.includes(assembly.name) : verdict.name === assembly.name;
  return ![...bases].some(([name, agreement]) => chromosomeOf(name) !== 'MT' && disagrees(agreement));
}

/** Whether a source of known variants is of the file's assembly, as far as anybody says. */
export function knownFits(
  { assembly }: KnownManifest,
  { verdict }: Survey,
  reference: Reference | null,
  fits: Fit | null,
): boolean {
  const theirs = assemblyNamed(assembly);
  if (reference && fits && (!theirs || theirs === assemblyNamed(reference.assembly))) return fits.nuclear;
  if (!theirs) return true;
  return verdict.name === '' ? !verdict.excluded.includes(theirs.name) : verdict.name === theirs.name;
}

function agrees(agreement: Agreement | undefined): boolean {
  return agreement !== undefined && agreement.agree >= COMPARED_MIN && agreement.agree >= 9 * agreement.disagree;
}

function disagrees({ agree, disagree }: Agreement): boolean {
  return agree + disagree >= COMPARED_MIN && disagree >= 0.3 * (agree + disagree);
}

/** Lengths by the file's contig names: from its header, else from the assembly it is found to be. */
export function contigLengths({ header, verdict }: Survey): Map<string, number> {
  const lengths = new Map<string, number>();
  const assembly = ASSEMBLIES.find(({ name }) => name === verdict.name);
  for (const chromosome of CHROMOSOMES) {
    const length = chromosome === 'MT' ? RCRS_LENGTH : (assembly?.lengths[CHROMOSOMES.indexOf(chromosome)] ?? 0);
    if (length === 0 || (assembly === undefined && chromosome !== 'MT')) continue;
    for (const name of [chromosome, `chr${chromosome}`]) lengths.set(name, length);
  }
  lengths.set('chrM', RCRS_LENGTH);
  for (const { name, length } of header.contigs) if (length > 0) lengths.set(name, length);
  return lengths;
}
