/**
 * The codon that an SNV changes, before and after, and the terms that follow: `../../consequence/coding.ts` for one
 * codon that lies whole in the coding sequence and is not the start codon.
 */
import * as allele from './allele';
import { coding } from './host';
import { byteAt } from './memory';
import { complement } from './sequence';
import * as terms from './terms';
import * as transcript from './transcript';
import { word } from './transcript';
import * as words from './transcript-words';

const STOP: i32 = 42;
const UNKNOWN: i32 = 88;

/** Letters of the codon, address of the first; which of them changes, and to what. */
export let bases: i32 = 0;
export let place: i32 = 0;
export let newBase: i32 = 0;
/** One-based number of the codon. */
export let position: i32 = 0;
/** Amino acids before and after. */
export let before: i32 = 0;
export let after: i32 = 0;

/** Reads the codon and answers the terms; -1 to leave the record to the host. */
export function read(): i32 {
  const from = transcript.cdsFrom;
  if (from === 0 || transcript.cdnaFrom <= word(words.CDNA_START) + 3) return -1;
  if (word(words.CODING) === 0 && !coding(transcript.at)) return -1;
  position = (from + 2) / 3;
  if (3 * position > word(words.CODING_LENGTH)) return -1;
  place = (from - 1) % 3;
  bases = word(words.CODING) + 3 * (position - 1);
  const alt = byteAt(allele.alt);
  newBase = transcript.forward ? alt : complement(alt);
  before = aminoAcid(-1);
  after = aminoAcid(place);
  const isBehind = position > word(words.RESIDUES);
  const unclear = before === UNKNOWN || after === UNKNOWN;
  const stopLost = before === STOP && after !== STOP;
  // VEP tells of an extended protein, which is rarely seen.
  if (stopLost) return -1;
  const retained = !(before === UNKNOWN && after === UNKNOWN) && (isBehind || (before === STOP && after === STOP));
  if (retained) return terms.STOP_RETAINED;
  if (after === STOP) return terms.STOP_GAINED | (unclear ? terms.CODING_SEQUENCE : 0);
  let earned = before === after ? 0 : terms.MISSENSE;
  if (before === after && !unclear) earned |= terms.SYNONYMOUS;
  if (unclear) earned |= terms.CODING_SEQUENCE;
  return earned;
}

/** The amino acid of the codon, with the base at `changed` replaced. */
function aminoAcid(changed: i32): i32 {
  let index = 0;
  for (let i = 0; i < 3; i++) index = index * 5 + code(i === changed ? newBase : byteAt(bases + i));
  return byteAt(word(words.TABLE) + index);
}

/** A, C, T, G as bits 1 and 2 of their letters have them; 4 for N. */
function code(base: i32): i32 {
  return base === 78 ? 4 : (base >> 1) & 3;
}
