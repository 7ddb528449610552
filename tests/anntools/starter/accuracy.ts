/**
 * How true the starter's gene structures are, measured against MANE (`../shared/data`). Prints the figures when run:
 * `bun tests/anntools/starter/accuracy.ts`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { TranscriptFlag } from '../../../anntools/models/gene-models.ts';
import type { Span, TranscriptModel } from '../../../anntools/models/gene-models.ts';
import { chromosomeOf } from '../../../anntools/genome/chromosome.ts';
import { CHROMOSOMES } from '../../../anntools/genome/chromosome.ts';
import { nuclearModels } from '../../../anntools/starter/genes.ts';
import { starterFiles } from '../../support/starter.ts';

const manePath = join(import.meta.dir, '../../../../shared/data/genes/grch38/mane.grch38.bigGenePred.bed.gz');
export const maneIsThere = existsSync(manePath);

export interface Accuracy {
  /** Genes of the starter with exons, and without. */
  withExons: number;
  extentsOnly: number;
  /** Genes with exons that have a MANE Select transcript on their chromosome (not on a patch). */
  compared: number;
  /** Of those: one of the gene's transcripts has exactly MANE's exons; the first has; and its coding part, too. */
  sameExons: number;
  canonicalSameExons: number;
  sameCoding: number;
  /** Symbols of the others, with how many of MANE's exons are among the gene's. */
  others: string[];
}

interface Mane {
  contig: string;
  exons: Span[];
  coding: Span;
}

export async function measure(): Promise<Accuracy> {
  const files = await starterFiles();
  const contigs = new Set(CHROMOSOMES.filter((name) => name !== 'MT'));
  const models = nuclearModels(files.genes, files.structures, contigs);
  const byGene = Map.groupBy(models.transcripts, ({ geneId }) => geneId);
  const mane = readMane();
  const accuracy: Accuracy = {
    withExons: models.withExons,
    extentsOnly: models.extentsOnly,
    compared: 0,
    sameExons: 0,
    canonicalSameExons: 0,
    sameCoding: 0,
    others: [],
  };
  for (const { id, symbol, contig } of models.genes) {
    const transcripts = byGene.get(id) ?? [];
    const select = mane.get(symbol);
    if (!select || select.contig !== contig || transcripts.some(isExtent)) continue;
    accuracy.compared++;
    const same = transcripts.filter(({ exons }) => spelled(exons) === spelled(select.exons));
    if (same.length === 0) {
      const all = new Set(transcripts.flatMap(({ exons }) => exons.map((exon) => spelled([exon]))));
      const shared = select.exons.filter((exon) => all.has(spelled([exon]))).length;
      accuracy.others.push(`${symbol} (${shared} of ${select.exons.length} exons)`);
      continue;
    }
    accuracy.sameExons++;
    if (same[0] === transcripts[0]) accuracy.canonicalSameExons++;
    if (same.some(({ cds }) => cds && cds[0]?.start === select.coding.start && cds.at(-1)?.end === select.coding.end)) {
      accuracy.sameCoding++;
    }
  }
  return accuracy;
}

function isExtent({ flags }: TranscriptModel): boolean {
  return (flags & TranscriptFlag.EXTENT_ONLY) !== 0;
}

function spelled(exons: readonly Span[]): string {
  return exons.map(({ start, end }) => `${start}-${end}`).join(',');
}

/** MANE Select by symbol, out of a bigGenePred; without those on patches. */
function readMane(): Map<string, Mane> {
  const mane = new Map<string, Mane>();
  for (const line of gunzipSync(readFileSync(manePath)).toString().split('\n')) {
    const fields = line.split('\t');
    const contig = chromosomeOf(fields[0] ?? '');
    if (contig === null || fields.at(-1) !== 'MANE Select') continue;
    const start = Number(fields[1]);
    const sizes = (fields[10] ?? '').split(',').filter(Boolean).map(Number);
    const starts = (fields[11] ?? '').split(',').filter(Boolean).map(Number);
    const exons = starts.map((from, i) => ({ start: start + from, end: start + from + (sizes[i] ?? 0) }));
    mane.set(fields[18] ?? '', { contig, exons, coding: { start: Number(fields[6]), end: Number(fields[7]) } });
  }
  return mane;
}

if (import.meta.main) console.log(await measure());
