/**
 * Lays gene models out as the structure of arrays that the engine reads (`reference.ts`): sorted, strings pooled,
 * spliced offsets computed. The bundle writer puts these arrays into sections; `in-memory.ts` uses them as they are.
 */
import type { ContigModel, GeneModel, Span, TranscriptModel } from '../models/gene-models.ts';
import { TranscriptFlag, carriesVersion } from '../models/gene-models.ts';
import type { Genes, StringPool, Transcripts } from './reference.ts';
import { NO_GENE } from './reference.ts';
import { packStrings, WordList } from './string-pool.ts';

export interface Layout {
  genes: Genes;
  transcripts: Transcripts;
}

/** Lays out the models of the contigs; the order of `contigs` gives their ids. Models on other contigs must have been left out. */
export function layOut(
  contigs: readonly ContigModel[],
  genes: readonly GeneModel[],
  transcripts: readonly TranscriptModel[],
): Layout {
  const contigIds = new Map(contigs.map(({ name }, id) => [name, id]));
  const words = new WordList();
  const sortedGenes = placed(contigIds, genes, ({ span }) => span);
  const sortedTranscripts = placed(contigIds, transcripts, extentOf);
  return {
    genes: layOutGenes(sortedGenes, words),
    transcripts: layOutTranscripts(contigs.length, sortedTranscripts, sortedGenes, words),
  };
}

/** From the first base of the transcript to the last one. */
export function extentOf({ exons, span }: TranscriptModel): Span {
  if (span !== undefined) return span;
  const { start } = exons[0];
  let { end } = exons[0];
  for (const exon of exons) end = Math.max(end, exon.end);
  return { start, end };
}

/** The name that HGVS puts before the colon: the id, and its version unless the id already ends in one. */
function hgvsName(id: string, version: string): string {
  return version === '' || carriesVersion(id) ? id : `${id}.${version}`;
}

/** Text as VEP writes it into a CSQ column: white space and the separators of INFO and CSQ replaced. */
export function csqText(text: string): string {
  return text.replace(/\s/g, '_').replaceAll(';', '%3B').replaceAll('=', '%3D').replace(/[,|]/g, '&');
}

interface Placed<Model> {
  model: Model;
  contig: number;
  span: Span;
}

function placed<Model extends { contig: string; id: string }>(
  contigIds: Map<string, number>,
  models: readonly Model[],
  spanOf: (model: Model) => Span,
): Placed<Model>[] {
  return models
    .map((model) => {
      const contig = contigIds.get(model.contig);
      if (contig === undefined)
        throw new Error(`model ${model.id} lies on ${model.contig}, which is not a contig of the reference`);
      return { model, contig, span: spanOf(model) };
    })
    .sort(
      (a, b) =>
        a.contig - b.contig ||
        a.span.start - b.span.start ||
        b.span.end - a.span.end ||
        (a.model.id < b.model.id ? -1 : a.model.id > b.model.id ? 1 : 0),
    );
}

function layOutGenes(genes: readonly Placed<GeneModel>[], words: WordList): Genes {
  const pool = (text: (gene: GeneModel) => string): StringPool => packStrings(genes.map(({ model }) => text(model)));
  return {
    count: genes.length,
    contig: Uint32Array.from(genes, ({ contig }) => contig),
    start: Int32Array.from(genes, ({ span }) => span.start),
    end: Int32Array.from(genes, ({ span }) => span.end),
    strand: Int8Array.from(genes, ({ model }) => model.strand),
    ids: pool(({ id }) => id),
    versions: pool(({ version }) => version),
    symbols: pool(({ symbol }) => symbol),
    symbolSources: pool(({ symbolSource }) => symbolSource),
    hgncIds: pool(({ hgncId }) => hgncId),
    biotype: Uint16Array.from(genes, ({ model }) => words.indexOf(model.biotype)),
  };
}

function layOutTranscripts(
  contigCount: number,
  transcripts: readonly Placed<TranscriptModel>[],
  genes: readonly Placed<GeneModel>[],
  words: WordList,
): Transcripts {
  const geneIndexes = new Map(genes.map(({ model, contig }, index) => [`${contig} ${model.id}`, index]));
  const geneOf = transcripts.map(({ model, contig }) => geneIndexes.get(`${contig} ${model.geneId}`) ?? NO_GENE);
  const pool = (text: (transcript: TranscriptModel, index: number) => string): StringPool =>
    packStrings(transcripts.map(({ model }, index) => text(model, index)));

  const exons = layOutExons(transcripts.map(({ model }) => model));
  return {
    count: transcripts.length,
    firstOfContig: firstOfContig(contigCount, transcripts),
    contig: Uint32Array.from(transcripts, ({ contig }) => contig),
    start: Int32Array.from(transcripts, ({ span }) => span.start),
    end: Int32Array.from(transcripts, ({ span }) => span.end),
    reach: reachOf(transcripts),
    strand: Int8Array.from(transcripts, ({ model }) => model.strand),
    gene: Uint32Array.from(geneOf),
    ...exons,
    phase: Uint8Array.from(transcripts, ({ model }) => model.phase),
    supportLevel: Uint8Array.from(transcripts, ({ model }) => model.supportLevel),
    appris: Uint8Array.from(transcripts, ({ model }) => model.appris),
    biotype: Uint16Array.from(transcripts, ({ model }) => words.indexOf(model.biotype)),
    source: Uint16Array.from(transcripts, ({ model }) => words.indexOf(model.source)),
    words: packStrings(words.all),
    ids: pool(({ id }) => id),
    versions: pool(({ version }) => version),
    proteinIds: pool(({ proteinId }) => proteinId),
    proteinVersions: pool(({ proteinVersion }) => proteinVersion),
    maneMates: pool(({ maneMate }) => maneMate),
    ccdsIds: pool(({ ccdsId }) => ccdsId),
    hgvsNames: pool(({ id, version }) => hgvsName(id, version)),
    hgvsProteinNames: pool(({ proteinId, proteinVersion }) => hgvsName(proteinId, proteinVersion)),
    labels: pool(({ id, biotype, geneId }, index) => {
      const symbol = geneOf[index] === NO_GENE ? '' : genes[geneOf[index]].model.symbol;
      return [symbol, geneId, 'Transcript', id, biotype].map(csqText).join('|');
    }),
    ...layOutRare(transcripts.map(({ model }) => model)),
  };
}

function firstOfContig(contigCount: number, transcripts: readonly Placed<TranscriptModel>[]): Uint32Array {
  const first = new Uint32Array(contigCount + 1);
  for (const { contig } of transcripts) first[contig + 1]++;
  for (let contig = 0; contig < contigCount; contig++) first[contig + 1] += first[contig];
  return first;
}

function reachOf(transcripts: readonly Placed<TranscriptModel>[]): Int32Array {
  const reach = new Int32Array(transcripts.length);
  for (let i = 0; i < transcripts.length; i++) {
    const { contig, span } = transcripts[i];
    const sameContig = i > 0 && transcripts[i - 1].contig === contig;
    reach[i] = sameContig ? Math.max(reach[i - 1], span.end) : span.end;
  }
  return reach;
}

type ExonArrays = Pick<
  Transcripts,
  | 'exonFirst'
  | 'exonStart'
  | 'exonEnd'
  | 'exonCdna'
  | 'cdsStart'
  | 'cdsEnd'
  | 'cdsCdnaStart'
  | 'cdsCdnaEnd'
  | 'flags'
  | 'slippages'
>;

function layOutExons(transcripts: readonly TranscriptModel[]): ExonArrays {
  const { length } = transcripts;
  const exonCount = transcripts.reduce((count, { exons }) => count + exons.length, 0);
  const arrays = {
    exonFirst: new Uint32Array(length + 1),
    exonStart: new Int32Array(exonCount),
    exonEnd: new Int32Array(exonCount),
    exonCdna: new Int32Array(exonCount),
    cdsStart: new Int32Array(length).fill(-1),
    cdsEnd: new Int32Array(length).fill(-1),
    cdsCdnaStart: new Int32Array(length).fill(-1),
    cdsCdnaEnd: new Int32Array(length).fill(-1),
    flags: new Uint32Array(length),
  };
  const slips: { transcript: number; stop: number; resume: number }[] = [];
  let exon = 0;
  transcripts.forEach((transcript, t) => {
    arrays.exonFirst[t] = exon;
    const cdna = exonOffsets(transcript);
    transcript.exons.forEach((span, i) => {
      arrays.exonStart[exon] = span.start;
      arrays.exonEnd[exon] = span.end;
      arrays.exonCdna[exon] = cdna[i];
      exon++;
    });
    let { flags } = transcript;
    const { cds } = transcript;
    if (cds !== null) {
      arrays.cdsStart[t] = cds[0].start;
      arrays.cdsEnd[t] = cds[cds.length - 1].end;
      const parts = codingParts(transcript, cdna);
      arrays.cdsCdnaStart[t] = parts[0].start;
      arrays.cdsCdnaEnd[t] = parts[parts.length - 1].end;
      for (let i = 1; i < parts.length; i++) {
        if (parts[i].start === parts[i - 1].end) continue;
        slips.push({ transcript: t, stop: parts[i - 1].end, resume: parts[i].start });
        flags |= TranscriptFlag.SLIPPAGE;
      }
    }
    if (transcript.selenocysteines.length > 0) flags |= TranscriptFlag.SELENOCYSTEINE;
    if (transcript.matureMirna.length > 0) flags |= TranscriptFlag.MATURE_MIRNA;
    arrays.flags[t] = flags;
  });
  arrays.exonFirst[length] = exon;
  return {
    ...arrays,
    slippages: {
      transcript: Uint32Array.from(slips, ({ transcript }) => transcript),
      stop: Int32Array.from(slips, ({ stop }) => stop),
      resume: Int32Array.from(slips, ({ resume }) => resume),
    },
  };
}

/** Spliced offset of the 5'-most base of each exon. */
export function exonOffsets({ exons, strand }: TranscriptModel): Int32Array {
  const offsets = new Int32Array(exons.length);
  let at = 0;
  for (let k = 0; k < exons.length; k++) {
    const i = strand === 1 ? k : exons.length - 1 - k;
    offsets[i] = at;
    at += exons[i].end - exons[i].start;
  }
  return offsets;
}

/**
 * The coding parts in spliced offsets, in transcript order. Each CDS part is cut to the exon it overlaps most; a part
 * outside all exons is left out (the reader has flagged it). Parts that follow each other without slippage are joined
 * at the splice: end of one is start of the next.
 */
export function codingParts({ exons, cds, strand }: TranscriptModel, cdna: Int32Array): Span[] {
  const parts: Span[] = [];
  for (const part of cds ?? []) {
    for (let i = 0; i < exons.length; i++) {
      const start = Math.max(part.start, exons[i].start);
      const end = Math.min(part.end, exons[i].end);
      if (start >= end) continue;
      const at = cdna[i] + (strand === 1 ? start - exons[i].start : exons[i].end - end);
      parts.push({ start: at, end: at + end - start });
    }
  }
  return strand === 1 ? parts : parts.reverse();
}

function layOutRare(transcripts: readonly TranscriptModel[]): Pick<Transcripts, 'selenocysteines' | 'matureMirnas'> {
  const selenocysteines = transcripts.flatMap(({ selenocysteines }, t) =>
    selenocysteines.map((position) => [t, position] as const),
  );
  const mirnas = transcripts.flatMap(({ matureMirna }, t) => matureMirna.map((span) => [t, span] as const));
  return {
    selenocysteines: {
      transcript: Uint32Array.from(selenocysteines, ([t]) => t),
      position: Int32Array.from(selenocysteines, ([, position]) => position),
    },
    matureMirnas: {
      transcript: Uint32Array.from(mirnas, ([t]) => t),
      start: Int32Array.from(mirnas, ([, { start }]) => start),
      end: Int32Array.from(mirnas, ([, { end }]) => end),
    },
  };
}
