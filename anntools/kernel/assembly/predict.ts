/**
 * Which terms the allele earns on the transcript that was taken up: the questions of `../../consequence/predict.ts` in
 * their order. What is rare is left to the host: transcripts deleted whole, indels and MNVs of coding sequence, start
 * codons, transcripts with oddities.
 */
import * as allele from './allele';
import * as codon from './codon';
import { hasSequence } from './sequence';
import { spliceTerms } from './splice';
import * as terms from './terms';
import * as transcript from './transcript';
import { word } from './transcript';
import * as words from './transcript-words';

export let low: i32 = 0;
export let high: i32 = 0;
/** Bases to the transcript for an allele beside it, else -1. */
export let distance: i32 = -1;
/** Whether the columns of introns, of exons and cDNA positions, of the coding sequence, of codons are filled. */
export let inside: bool = false;
export let inExon: bool = false;
export let inCoding: bool = false;
export let hasCodons: bool = false;

/** Whether a transcript comes within reach of the allele. */
export function reaches(at: i32): bool {
  const reach = load<i32>(at + words.DISTANCE);
  return allele.end > load<i32>(at + words.START) - reach && allele.start < load<i32>(at + words.END) + reach;
}

/** There is no transcript in reach. */
export function predictNothing(): void {
  begin();
  high = terms.INTERGENIC;
}

function begin(): void {
  low = 0;
  high = 0;
  distance = -1;
  inside = false;
  inExon = false;
  inCoding = false;
  hasCodons = false;
}

/** Decides the terms; false to leave the record to the host. */
export function predict(): bool {
  begin();
  const start = allele.start;
  const end = allele.end;
  if (end <= transcript.start || start >= transcript.end) {
    beside();
    return true;
  }
  if (start <= transcript.start && end >= transcript.end && allele.altLength < allele.refLength) return false;
  if ((transcript.flags & words.EXTENT_ONLY) !== 0) {
    low = word(words.EXTENT_LOW);
    high = word(words.EXTENT_HIGH);
    return true;
  }
  if ((transcript.flags & words.AWKWARD) !== 0) return false;
  return within();
}

function beside(): void {
  const start = allele.start;
  const end = allele.end;
  const before = end <= transcript.start;
  high = before === transcript.forward ? terms.UPSTREAM : terms.DOWNSTREAM;
  // One-based positions start + 1 and end; VEP takes the smallest of the gaps between ends.
  distance = before
    ? min(abs(transcript.start - start), abs(transcript.start + 1 - end))
    : min(abs(start + 1 - transcript.end), abs(end - transcript.end));
}

function within(): bool {
  transcript.map(allele.start, allele.end);
  inside = true;
  inExon = transcript.touchesExon;
  if (transcript.touchesCoding) {
    const isInsertion = allele.start === allele.end;
    const first = isInsertion ? allele.start - 1 : allele.start;
    const behind = isInsertion ? allele.start + 1 : allele.end;
    inCoding = behind > word(words.CDS_START) && first < word(words.CDS_END);
  }
  let earned = spliceTerms();
  // An intron that is none is a matter for the host.
  if (earned < 0) return false;
  if ((transcript.flags & words.IS_CODING) !== 0) {
    if (inExon) earned |= untranslated();
    if (inCoding) {
      const told = coding();
      if (told < 0) return false;
      earned |= told;
    }
    if (earned === 0) earned = terms.CODING_TRANSCRIPT;
  } else {
    if ((transcript.flags & words.PROTEIN_CODING) === 0)
      earned |= overlapsExon() ? terms.NON_CODING_EXON : terms.NON_CODING_TRANSCRIPT;
    if (earned === 0) earned = terms.NON_CODING_TRANSCRIPT;
  }
  if ((transcript.flags & words.NMD) !== 0) earned |= terms.NMD_TRANSCRIPT;
  low = earned;
  return true;
}

/** UTR terms: exonic, and before or behind the coding part. */
function untranslated(): i32 {
  const start = allele.start;
  const end = allele.end;
  if (transcript.cdnaFrom === 0 && transcript.cdnaTo === 0 && !overlapsExon()) return 0;
  const insertion = start === end;
  const cdsStart = word(words.CDS_START);
  const cdsEnd = word(words.CDS_END);
  const before = (end > transcript.start && start < cdsStart) || (insertion && start === cdsStart);
  const behind = (end > cdsEnd && start < transcript.end) || (insertion && end === cdsEnd);
  let earned = 0;
  if (before) earned |= transcript.forward ? terms.FIVE_PRIME_UTR : terms.THREE_PRIME_UTR;
  if (behind) earned |= transcript.forward ? terms.THREE_PRIME_UTR : terms.FIVE_PRIME_UTR;
  return earned;
}

function overlapsExon(): bool {
  const start = allele.start;
  const end = allele.end;
  const exon = transcript.exonAt(start);
  return exon < transcript.exons && transcript.exonStart(exon) < end && transcript.exonEnd(exon) > start;
}

/** The coding terms of an SNV; -1 to leave the record to the host. */
function coding(): i32 {
  if (allele.change !== allele.SNV) return -1;
  if (!hasSequence || (transcript.flags & words.NO_CODONS) !== 0) return terms.CODING_SEQUENCE;
  hasCodons = true;
  return codon.read();
}
