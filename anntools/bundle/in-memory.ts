/** A reference out of a few models in memory: what tests, small tools and the starter data use where a bundle would be too much. */
import { contigNameIndex } from './contig-names.ts';
import { layOut } from './layout.ts';
import type { ContigModel, GeneModel, TranscriptModel } from '../models/gene-models.ts';
import type { Contigs, Reference, ReferenceSource, Sequence } from './reference.ts';

export interface ReferenceParts {
  name: string;
  assembly: string;
  sources?: readonly ReferenceSource[];
  contigs: readonly ContigModel[];
  /** Bases by contig name; any case, IUPAC codes count as N. Contigs that are absent have no sequence. */
  sequences?: ReadonlyMap<string, Uint8Array | string>;
  genes: readonly GeneModel[];
  transcripts: readonly TranscriptModel[];
}

/** A reference that lives in memory. @throws Error when a model lies on a contig that is not there. */
export function referenceFromModels(parts: ReferenceParts): Reference {
  const { name, assembly, sources = [], contigs, sequences = new Map(), genes, transcripts } = parts;
  return {
    name,
    assembly,
    sources,
    contigs: contigTable(contigs),
    sequence: sequenceInMemory(contigs, sequences),
    ...layOut(contigs, genes, transcripts),
  };
}

/** The contigs as the engine reads them. */
export function contigTable(contigs: readonly ContigModel[]): Contigs {
  return {
    names: contigs.map(({ name }) => name),
    lengths: Uint32Array.from(contigs, ({ length }) => length),
    codonTables: Uint8Array.from(contigs, ({ codonTable }) => codonTable ?? 1),
    circular: Uint8Array.from(contigs, ({ circular }) => (circular === true ? 1 : 0)),
    idOf: contigNameIndex(contigs),
  };
}

const N = 78;

function sequenceInMemory(
  contigs: readonly ContigModel[],
  sequences: ReadonlyMap<string, Uint8Array | string>,
): Sequence {
  const bases = contigs.map(({ name }) => {
    const sequence = sequences.get(name);
    if (sequence === undefined) return undefined;
    return (typeof sequence === 'string' ? Buffer.from(sequence, 'latin1') : Uint8Array.from(sequence)).map(cleanBase);
  });
  return {
    has: (contig) => bases[contig] !== undefined,
    base: (contig, offset) => bases[contig]?.[offset] ?? N,
    read(contig, start, end, out, at) {
      const sequence = bases[contig];
      for (let offset = start; offset < end; offset++) out[at++] = sequence?.[offset] ?? N;
    },
    copyPacked: () => false,
  };
}

/** Upper case A, C, G, T; anything else is N. */
function cleanBase(byte: number): number {
  const base = byte & 0xdf;
  return base === 65 || base === 67 || base === 71 || base === 84 ? base : N;
}
