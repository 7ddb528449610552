/**
 * The genes that a structural variant hits: one entry a gene where CSQ has a block a transcript. It tells how the gene
 * is hit, and which exons and how much of the transcript that stands for it. An entry of `SV_GENES` is
 *
 *     ALLELE_NUM|SYMBOL|Gene|Feature|Hit|EXON|INTRON|OverlapPC|CDS_PC
 *
 * Hit: `whole`; `start` or `end` where the event reaches over that end of the gene; `inside` where it touches an exon
 * between them; `intron`; and of a breakend `breakend`, and `mate` at its other end.
 */
import { NO_GENE, type Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { writeExonNumbers, writeIntronNumbers } from '../consequence/numbering.ts';
import { StructuralEffect } from '../consequence/structural-alleles.ts';
import { TranscriptView, hasFlag } from '../consequence/transcript.ts';
import type { StructuralEvent } from './events.ts';
import { type GeneThere, genesAt } from './genes-at.ts';
import { Label, writeLabel } from './labels.ts';

export const GENES_FIELD = 'SV_GENES';
export const GENES_FORMAT = 'ALLELE_NUM|SYMBOL|Gene|Feature|Hit|EXON|INTRON|OverlapPC|CDS_PC';

const PIPE = 124;
const COMMA = 44;

export class GenesHit {
  readonly #reference: Reference;
  readonly #view: TranscriptView;

  constructor(reference: Reference) {
    this.#reference = reference;
    this.#view = new TranscriptView(reference.transcripts);
  }

  /** Appends the entries of an event, a comma before each but the first; answers whether there are any. */
  write(event: StructuralEvent, contig: number, out: ByteBuffer, first: boolean): boolean {
    const { number, start, end, effect, mate } = event;
    let any = false;
    const next = (): void => {
      if (any || !first) out.byte(COMMA);
      any = true;
    };
    const isBreakend = effect === StructuralEffect.BREAKEND;
    for (const there of genesAt(this.#reference, contig, start, end)) {
      next();
      this.#entry(number, there, start, end, isBreakend ? 'breakend' : '', out);
    }
    const mateContig = mate === null ? -1 : this.#reference.contigs.idOf(mate.contig);
    if (mate === null || mateContig < 0) return any;
    for (const there of genesAt(this.#reference, mateContig, mate.base, mate.base + 1)) {
      next();
      this.#entry(number, there, mate.base, mate.base + 1, 'mate', out);
    }
    return any;
  }

  /** @param point what to say instead of how the stretch lies in the gene */
  #entry(number: number, { gene, transcript }: GeneThere, start: number, end: number, point: string, out: ByteBuffer) {
    const { transcripts } = this.#reference;
    const view = this.#view;
    view.load(transcript);
    const hasExons = !hasFlag(view.flags, 'EXTENT_ONLY');
    out.integer(number);
    for (const label of [Label.SYMBOL, Label.GENE, Label.FEATURE]) {
      out.byte(PIPE);
      writeLabel(transcripts.labels, transcript, label, out);
    }
    out.byte(PIPE);
    out.ascii(point === '' ? this.#hit(gene, start, end) : point);
    out.byte(PIPE);
    if (hasExons) writeExonNumbers(view, start, end, out);
    out.byte(PIPE);
    if (hasExons) writeIntronNumbers(view, start, end, out);
    out.byte(PIPE);
    const isStretch = point === '' && end > start;
    if (isStretch) out.ascii(percent(shared(start, end, view.start, view.end), view.end - view.start));
    out.byte(PIPE);
    if (isStretch && hasExons && view.isCoding) out.ascii(this.#codingPercent(start, end));
  }

  /** How [start, end) lies in the gene. */
  #hit(gene: number, start: number, end: number): string {
    const { genes } = this.#reference;
    const view = this.#view;
    const geneStart = gene === NO_GENE ? view.start : Math.min(genes.start[gene], view.start);
    const geneEnd = gene === NO_GENE ? view.end : Math.max(genes.end[gene], view.end);
    const left = start <= geneStart;
    const right = end >= geneEnd;
    if (left && right) return 'whole';
    if ((left || right) && hasFlag(view.flags, 'STRAND_UNKNOWN')) return 'inside';
    if (left || right) return left === view.forward ? 'start' : 'end';
    if (hasFlag(view.flags, 'EXTENT_ONLY')) return 'inside';
    const exon = view.exonAt(start);
    const isExonic =
      exon < view.exonLast && (start === end ? view.exonStart[exon] < start : view.exonStart[exon] < end);
    return isExonic ? 'inside' : 'intron';
  }

  #codingPercent(start: number, end: number): string {
    const view = this.#view;
    let coding = 0;
    let hit = 0;
    for (let exon = view.exonFirst; exon < view.exonLast; exon++) {
      const from = Math.max(view.exonStart[exon], view.cdsStart);
      const to = Math.min(view.exonEnd[exon], view.cdsEnd);
      if (to <= from) continue;
      coding += to - from;
      hit += shared(start, end, from, to);
    }
    return percent(hit, coding);
  }
}

/** Bases that two stretches share. */
function shared(start: number, end: number, from: number, to: number): number {
  return Math.max(0, Math.min(end, to) - Math.max(start, from));
}

function percent(part: number, whole: number): string {
  return ((100 * part) / whole).toFixed(2);
}
