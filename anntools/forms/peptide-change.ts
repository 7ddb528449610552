/**
 * The residues that an allele changes, as bcftools csq tells them: from the codon of the first base of REF, anchor base
 * and all, to the last codon the allele touches, or to the next stop where the frame changes. Of a substitution the bases that stay are trimmed, of nothing else.
 */
import type { Reference } from '../bundle/reference.ts';
import { STOP, complement, translate } from '../consequence/codons.ts';
import { type Spliced, SplicedCache } from '../consequence/spliced.ts';
import { TranscriptView } from '../consequence/transcript.ts';

export interface Residues {
  /** Number of the first residue of both, one-based. */
  at: number;
  before: string;
  after: string;
}

export class PeptideChange {
  private readonly view: TranscriptView;
  private readonly spliced: SplicedCache;

  constructor(private readonly reference: Reference) {
    this.view = new TranscriptView(reference.transcripts);
    this.spliced = new SplicedCache(reference, 'specification');
  }

  /** The change of REF at a zero-based offset to ALT; null where REF does not lie within one coding exon. */
  of(transcript: number, position: number, wholeRef: string, wholeAlt: string): Residues | null {
    const { view } = this;
    const { ref, alt, cut } = trimmed(wholeRef, wholeAlt);
    const offset = position + cut;
    if (transcript < 0 || !/^[ACGTN]+$/i.test(alt)) return null;
    if (!this.reference.sequence.has(this.reference.transcripts.contig[transcript] ?? -1)) return null;
    view.load(transcript);
    const end = offset + ref.length;
    const exon = view.exonAt(offset);
    if (!view.isCoding || exon >= view.exonLast || offset < view.exonStart[exon]! || end > view.exonEnd[exon]!)
      return null;
    if (offset < view.cdsStart || end > view.cdsEnd) return null;
    const first = view.forward ? view.cdnaAt(offset) : view.cdnaAt(end - 1);
    const spliced = this.spliced.of(transcript);
    // bcftools counts from the first whole codon; the bases a first codon lacks stand as N before the coding sequence.
    const incomplete = view.pad > 0 ? 1 : 0;
    const from = view.codingPosition(first) + view.pad - 1;
    const at = Math.floor(from / 3) + 1 - incomplete;
    if (at < 1) return null;
    const change = alt.length - ref.length;
    const coding = spliced.bases.subarray(spliced.codingStart, spliced.codingEnd);
    const edited = Buffer.concat([
      coding.subarray(0, from),
      onStrand(alt, view.forward),
      coding.subarray(from + ref.length),
    ]);
    const toEnd = change % 3 !== 0;
    return {
      at,
      before: peptide(spliced, coding, from, toEnd ? coding.length : from + ref.length),
      after: peptide(spliced, edited, from, toEnd ? edited.length : from + alt.length),
    };
  }
}

function trimmed(ref: string, alt: string): { ref: string; alt: string; cut: number } {
  if (ref.length !== alt.length) return { ref, alt, cut: 0 };
  let cut = 0;
  let end = ref.length;
  while (cut < end - 1 && ref[cut] === alt[cut]) cut++;
  while (end > cut + 1 && ref[end - 1] === alt[end - 1]) end--;
  return { ref: ref.slice(cut, end), alt: alt.slice(cut, end), cut };
}

function onStrand(bases: string, forward: boolean): Uint8Array {
  const bytes = Buffer.from(bases.toUpperCase(), 'latin1');
  return forward ? bytes : bytes.reverse().map((base) => complement(base));
}

/** The residues of the whole codons that touch [from, to), none behind a stop. */
function peptide({ table }: Spliced, bases: Uint8Array, from: number, to: number): string {
  let residues = '';
  for (let codon = from - (from % 3); codon < to && codon + 3 <= bases.length; codon += 3) {
    const residue = translate(table, bases, codon);
    residues += String.fromCharCode(residue);
    if (residue === STOP) break;
  }
  return residues;
}
