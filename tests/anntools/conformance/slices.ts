/** Pieces of the human genome out of a bgzipped FASTA that is mostly N, without unpacking it. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseGeneFile } from '../../../anntools/annotation-files/read.ts';
import { referenceFromModels } from '../../../anntools/bundle/in-memory.ts';
import type { Reference } from '../../../anntools/bundle/reference.ts';
import { readData } from './answers.ts';

const UNKNOWN_BASE = 78; // N

export interface Slice {
  contig: string;
  /** Zero-based, half-open. */
  from: number;
  to: number;
}

/** A reference of one contig: its bases within the slice, N elsewhere, and the models that lie within the slice. */
export function referenceOfSlice(fasta: string, genes: string, slice: Slice): Reference {
  const { contig, from, to } = slice;
  const { bases, length } = readSlice(fasta, slice);
  const models = parseGeneFile(readData(genes));
  const transcripts = models.transcripts.filter(({ exons, contig: name }) => {
    const start = exons[0]?.start ?? -1;
    const end = exons[exons.length - 1]?.end ?? Number.MAX_SAFE_INTEGER;
    return name === contig && start >= from && end <= to;
  });
  const ids = new Set(transcripts.map(({ geneId }) => geneId));
  const reference = referenceFromModels({
    name: 'slice',
    assembly: 'GRCh38',
    contigs: [{ name: contig, length }],
    genes: models.genes.filter(({ id }) => ids.has(id)),
    transcripts,
  });
  const base = (_: number, offset: number) => bases[offset - from] ?? UNKNOWN_BASE;
  return {
    ...reference,
    sequence: {
      has: () => true,
      base,
      read: (_contig, start, end, out, at) => {
        for (let i = start; i < end; i++) out[at + i - start] = base(0, i);
      },
      copyPacked: () => false,
    },
  };
}

/** Reads upper-case bases by the `.fai` (name, length, offset, bases and bytes a line) and `.gzi` indexes. */
function readSlice(fasta: string, { contig, from, to }: Slice): { bases: Uint8Array; length: number } {
  const index = readFileSync(`${fasta}.fai`, 'latin1').split('\n');
  const [, length = 0, offset = 0, width = 1, step = 1] =
    index
      .find((line) => line.startsWith(`${contig}\t`))
      ?.split('\t')
      .map(Number) ?? [];
  const byteAt = (base: number) => offset + Math.floor(base / width) * step + (base % width);
  const blocks = readFileSync(`${fasta}.gzi`);
  const entries = [{ packed: 0, plain: 0 }];
  for (let at = 8; at < blocks.length; at += 16) {
    entries.push({ packed: Number(blocks.readBigUInt64LE(at)), plain: Number(blocks.readBigUInt64LE(at + 8)) });
  }
  const first = entries.findLast(({ plain }) => plain <= byteAt(from)) ?? { packed: 0, plain: 0 };
  const last = entries.find(({ plain }) => plain > byteAt(to));
  const text = gunzipSync(readFileSync(fasta).subarray(first.packed, last?.packed));
  const bases = new Uint8Array(to - from);
  for (let i = from; i < to; i++) bases[i - from] = (text[byteAt(i) - first.plain] ?? UNKNOWN_BASE) & 0xdf;
  return { bases, length };
}
