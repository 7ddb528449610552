/**
 * Possible fusions: a join that keeps the beginning of one gene and, behind it in the same direction, the end of
 * another. The direction settles which is which: a transcript on the forward strand keeps its 5' part where the sequence
 * to the left is kept, one on the reverse strand where that to the right is. Two beginnings or two ends make no fusion.
 * An entry of `SV_FUSIONS` is
 *
 *     ALLELE_NUM|Fusion|Feature_5|Feature_3|Break_5|Break_3|Frame
 *
 * with the genes as HGNC and HGVS write them, 5' first: `BCR::ABL1`.
 */
import { NO_GENE, type Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import { TranscriptView, hasFlag } from '../consequence/transcript.ts';
import type { End, Join, StructuralEvent } from './events.ts';
import { type Partner, frameOf } from './frame.ts';
import { type GeneThere, genesAt } from './genes-at.ts';
import { Label, labelText, writeLabel } from './labels.ts';
import { placeOf, writePlace } from './place.ts';

export const FUSIONS_FIELD = 'SV_FUSIONS';
export const FUSIONS_FORMAT = 'ALLELE_NUM|Fusion|Feature_5|Feature_3|Break_5|Break_3|Frame';

const PIPE = 124;
const COMMA = 44;

export class Fusions {
  readonly #reference: Reference;
  readonly #five: TranscriptView;
  readonly #three: TranscriptView;

  constructor(reference: Reference) {
    this.#reference = reference;
    this.#five = new TranscriptView(reference.transcripts);
    this.#three = new TranscriptView(reference.transcripts);
  }

  /** Appends the entries of an event, a comma before each but the first; answers whether there are any. */
  write(event: StructuralEvent, contig: number, out: ByteBuffer, first: boolean): boolean {
    let any = false;
    for (const join of event.joins()) {
      const [one, other] = join.ends;
      const there = this.#genesAt(one, contig);
      const yonder = this.#genesAt(other, contig);
      for (const a of there) {
        for (const b of yonder) {
          if (yonder.some((gene) => isSame(gene, a)) || there.some((gene) => isSame(gene, b))) continue;
          const start = out.length;
          if (any || !first) out.byte(COMMA);
          if (this.#write(event, join, a, b, out)) any = true;
          else out.length = start;
        }
      }
    }
    return any;
  }

  #genesAt({ contig, base }: End, own: number): GeneThere[] {
    const id = contig === null ? own : this.#reference.contigs.idOf(contig);
    return id < 0 ? [] : genesAt(this.#reference, id, base, base + 1);
  }

  /** Whether the end keeps the 5' part of the transcript; null where the strand is not told. */
  #keepsStart({ transcript }: GeneThere, { keepsLeft }: End): boolean | null {
    const { strand, flags } = this.#reference.transcripts;
    if (hasFlag(flags[transcript], 'STRAND_UNKNOWN')) return null;
    return keepsLeft === (strand[transcript] === 1);
  }

  #write({ number, claims }: StructuralEvent, { ends, inserted }: Join, a: GeneThere, b: GeneThere, out: ByteBuffer) {
    const starts = [this.#keepsStart(a, ends[0]), this.#keepsStart(b, ends[1])];
    if (starts[0] === null || starts[1] === null || starts[0] === starts[1]) return false;
    const isForward = starts[0];
    const genes = isForward ? ([a, b] as const) : ([b, a] as const);
    this.#five.load(genes[0].transcript);
    this.#three.load(genes[1].transcript);
    const partner = (view: TranscriptView, which: 0 | 1): Partner => {
      const { base, keepsLeft } = ends[which];
      return { view, base, keepsLeft, interval: claims.intervals?.[which] ?? null };
    };
    const five = partner(this.#five, isForward ? 0 : 1);
    const three = partner(this.#three, isForward ? 1 : 0);
    const { labels } = this.#reference.transcripts;
    out.integer(number);
    out.byte(PIPE);
    out.ascii(genes.map(({ transcript }) => this.#nameOf(transcript)).join('::'));
    for (const { transcript } of genes) {
      out.byte(PIPE);
      writeLabel(labels, transcript, Label.FEATURE, out);
    }
    for (const { view, base } of [five, three]) {
      out.byte(PIPE);
      if (!hasFlag(view.flags, 'EXTENT_ONLY')) writePlace(placeOf(view, base), view.exonCount, out);
    }
    out.byte(PIPE);
    out.ascii(frameOf(five, three, inserted));
    return true;
  }

  #nameOf(transcript: number): string {
    const { labels } = this.#reference.transcripts;
    const names = [Label.SYMBOL, Label.GENE, Label.FEATURE].map((label) => labelText(labels, transcript, label));
    return names.find((name) => name !== '') ?? '';
  }
}

function isSame(a: GeneThere, b: GeneThere): boolean {
  return a.gene === NO_GENE ? a.transcript === b.transcript : a.gene === b.gene;
}
