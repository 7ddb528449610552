/** A made-up gene on a contig of its own, forward or mirrored, and questions to the engine about it. */
import { referenceFromModels } from '../../../anntools/bundle/in-memory.ts';
import type { Reference } from '../../../anntools/bundle/reference.ts';
import type { GeneModel, Span, TranscriptModel } from '../../../anntools/models/gene-models.ts';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { ConsequenceEngine, type EngineOptions } from '../../../anntools/engine/engine.ts';
import { VcfRecord } from '../../../anntools/vcf/record.ts';
import { gene, transcript } from '../../support/models.ts';

/** An edit of the contig: bases [start, end) become `to`. Zero-based; an empty span is an insertion. */
export interface Edit {
  start: number;
  end: number;
  to: string;
}

export function reverseComplement(bases: string): string {
  const pairs: Record<string, string> = { A: 'T', C: 'G', G: 'C', T: 'A' };
  return [...bases]
    .map((base) => pairs[base] ?? base)
    .reverse()
    .join('');
}

export interface World {
  bases: string;
  genes: GeneModel[];
  transcripts: TranscriptModel[];
  codonTable?: number;
}

export function referenceOf({ bases, genes, transcripts, codonTable = 1 }: World): Reference {
  return referenceFromModels({
    name: 'made-up',
    assembly: 'made-up',
    contigs: [{ name: '1', length: bases.length, codonTable }],
    sequences: new Map([['1', bases]]),
    genes,
    transcripts,
  });
}

/** The same world read from the other strand. */
export function mirrored({ bases, genes, transcripts, ...rest }: World): World {
  const flip = ({ start, end }: Span): Span => ({ start: bases.length - end, end: bases.length - start });
  const flipped = (spans: readonly Span[]) => spans.map(flip).reverse();
  return {
    ...rest,
    bases: reverseComplement(bases),
    genes: genes.map((model) => ({ ...model, span: flip(model.span), strand: model.strand === 1 ? -1 : 1 })),
    transcripts: transcripts.map((model) => ({
      ...model,
      strand: model.strand === 1 ? -1 : 1,
      exons: flipped(model.exons),
      cds: model.cds === null ? null : flipped(model.cds),
    })),
  };
}

export function mirroredEdit({ bases }: World, { start, end, to }: Edit): Edit {
  return { start: bases.length - end, end: bases.length - start, to: reverseComplement(to) };
}

/** A VCF line for an edit: insertions and deletions with the base before them. */
export function lineOf(bases: string, { start, end, to }: Edit): string {
  const anchored = end === start || to === '';
  const from = anchored ? start - 1 : start;
  return `1\t${from + 1}\t.\t${bases.slice(from, end)}\t${bases.slice(from, start)}${to}\t.\t.\t.`;
}

/** A parsed VCF line. */
export function recordOf(line: string): VcfRecord {
  const record = new VcfRecord();
  const bytes = Buffer.from(line);
  record.parse(bytes, 0, bytes.length, 1);
  return record;
}

/** The CSQ blocks of a VCF line, by column. */
export function annotate(
  reference: Reference,
  line: string,
  options: Partial<EngineOptions> = {},
): Record<string, string>[] {
  const engine = new ConsequenceEngine(reference, { distance: 5000, transcripts: 'all', ...options });
  const out = new ByteBuffer();
  engine.annotate(recordOf(line), 0, out);
  const text = out.view().toString('latin1');
  if (text === '') return [];
  return text
    .split(',')
    .map((block) => Object.fromEntries(block.split('|').map((value, i) => [engine.columns[i] ?? '', value])));
}

/**
 * A gene of three exons on 5,200 bases: UTR 2,000–2,009, coding from ATG at 2,010; exon 1 [2000, 2040), exon 2
 * [2140, 2170), exon 3 [2270, 2330) with the stop codon's last base at 2,299. Introns begin GT and end AG.
 */
export function threeExonWorld(): World {
  // A background without long repeats, so that shifts stay short.
  const bases = Array.from({ length: 5200 }, (_, i) => 'ACGTTGCA'[(i * 5 + (i >> 3)) % 8] ?? 'A');
  const place = (at: number, text: string) => [...text].forEach((base, i) => (bases[at + i] = base));
  place(2000, 'GACTCAGACC');
  place(2010, 'ATGGCTCGTGATCTGAAACCATGGCATCCT');
  place(2040, 'GTAAGTCA');
  place(2120, 'CTTTCTTTCCTTTTCTGCAG');
  place(2140, 'GGAACAGAGTTCTACTGGATACGCAACTCA');
  place(2170, 'GTGAGTAC');
  place(2250, 'TCCTTTTTCTCTTTATGCAG');
  place(2270, 'GATGTGCCACTGGAATATAGTGGCTTCTAA');
  place(2300, 'CCTGAGTCATAAGCCTTGACCATCGATTCA');
  return {
    bases: bases.join(''),
    genes: [gene({ id: 'G1', symbol: 'MADE', span: { start: 2000, end: 2330 } })],
    transcripts: [
      transcript({
        id: 'T1',
        version: '2',
        geneId: 'G1',
        proteinId: 'P1',
        proteinVersion: '3',
        exons: [
          { start: 2000, end: 2040 },
          { start: 2140, end: 2170 },
          { start: 2270, end: 2330 },
        ],
        cds: [
          { start: 2010, end: 2040 },
          { start: 2140, end: 2170 },
          { start: 2270, end: 2300 },
        ],
      }),
    ],
  };
}
