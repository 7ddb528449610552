/**
 * Writes one block of CSQ: what follows from the transcript is copied in pieces that the host prepared
 * (`../../engine/prepared-row.ts`), what the allele decides is written between, column by column.
 */
import * as allele from './allele';
import * as codon from './codon';
import * as hgvs from './hgvs';
import { pieces, terms } from './host';
import { identifiers } from './known';
import { CHANGE_NAMES, EXISTING, RESIDUE_NAMES, ROWS, TERM_SLOTS, TERM_SLOT_COUNT } from './layout';
import { byteAt } from './memory';
import * as prediction from './predict';
import { escapesDecay, writeExons, writeIntrons } from './numbering';
import { byte, integer, piece, stretch } from './text';
import * as transcript from './transcript';
import { word } from './transcript';
import * as words from './transcript-words';

/** Columns by their numbers in `../../engine/columns.ts`, and two of the host's own. */
const ALLELE: i32 = 0;
const CONSEQUENCE: i32 = 1;
const IMPACT: i32 = 2;
const EXON: i32 = 8;
const INTRON: i32 = 9;
const HGVSC: i32 = 10;
const HGVSP: i32 = 11;
const CDNA_POSITION: i32 = 12;
const CDS_POSITION: i32 = 13;
const PROTEIN_POSITION: i32 = 14;
const AMINO_ACIDS: i32 = 15;
const CODONS: i32 = 16;
const ALLELE_NUM: i32 = 18;
const DISTANCE: i32 = 19;
const VARIANT_CLASS: i32 = 22;
const HGVS_OFFSET: i32 = 32;
const NMD: i32 = 35;
const CONSEQUENCE_AND_IMPACT: i32 = 64;
const IDENTIFIERS: i32 = 65;

/** Places, as far as they decide which columns are empty. */
const BESIDE: i32 = 0;
const OFF_EXONS: i32 = 1;
const ON_EXON: i32 = 2;
const INTERGENIC: i32 = 3;

/** Pieces of the block of an allele with no transcript in reach. */
let intergenic: i32 = 0;
/** Whether the block that is being written has an HGVS description. */
let described: bool = false;
let failed: bool = false;

export function openIntergenic(at: i32): void {
  intergenic = at;
}

/** The texts of terms are gone. */
export function forgetTerms(): void {
  memory.fill(TERM_SLOTS, 0, TERM_SLOT_COUNT << 4);
}

/** Writes the block of the allele on the transcript it was predicted on; false to leave the record to the host. */
export function writeRow(): bool {
  const isOnExon = prediction.inExon || prediction.inCoding;
  const place = prediction.distance >= 0 ? BESIDE : isOnExon ? ON_EXON : OFF_EXONS;
  return write(place, piecesAt(place));
}

/** Writes the block of an allele with no transcript in reach. */
export function writeIntergenic(): bool {
  return write(INTERGENIC, intergenic);
}

function piecesAt(place: i32): i32 {
  const at = words.PIECES + (place << 2);
  const known = word(at);
  if (known !== 0) return known;
  const made = pieces(word(words.INDEX), place);
  if (made > 0) store<i32>(transcript.at + at, made);
  return made;
}

/** Pieces are the ends of each, one more than there are columns, and their bytes. */
function write(place: i32, ends: i32): bool {
  if (ends < 0) return false;
  const columns = load<i32>(ROWS + (place << 3));
  const count = load<i32>(ROWS + (place << 3) + 4);
  described = false;
  failed = false;
  const text = ends + ((count + 1) << 2);
  let from = 0;
  for (let i = 0; i < count; i++) {
    const end = load<i32>(ends + (i << 2));
    if (end - from === 1) byte(byteAt(text + from));
    else if (end > from) piece(text + from, end - from);
    from = end;
    column(load<i32>(columns + (i << 2)));
  }
  piece(text + from, load<i32>(ends + (count << 2)) - from);
  return !failed;
}

function column(which: i32): void {
  switch (which) {
    case ALLELE:
      if (allele.altLength === 0) byte(45);
      else piece(allele.alt, allele.altLength);
      break;
    case CONSEQUENCE_AND_IMPACT:
      named(0);
      break;
    case CONSEQUENCE:
      named(1);
      break;
    case IMPACT:
      named(2);
      break;
    case EXON:
      if (prediction.inExon) writeExons();
      break;
    case INTRON:
      if (prediction.inside) writeIntrons();
      break;
    case HGVSC:
      if (hgvs.describe()) described = true;
      break;
    case HGVSP:
      if (prediction.hasCodons) protein();
      break;
    case CDNA_POSITION:
      if (prediction.inExon) positions(transcript.cdnaFrom, transcript.cdnaTo);
      break;
    case CDS_POSITION:
      if (prediction.inCoding) positions(transcript.cdsFrom, transcript.cdsTo);
      break;
    case PROTEIN_POSITION:
      if (prediction.inCoding) positions(codonOf(transcript.cdsFrom), codonOf(transcript.cdsTo));
      break;
    case AMINO_ACIDS:
      if (prediction.hasCodons) aminoAcids();
      break;
    case CODONS:
      if (prediction.hasCodons) codons();
      break;
    case IDENTIFIERS:
      stretch(EXISTING, identifiers);
      break;
    case ALLELE_NUM:
      byte(49);
      break;
    case DISTANCE:
      integer(prediction.distance);
      break;
    case VARIANT_CLASS:
      changeName();
      break;
    case HGVS_OFFSET:
      if (described && hgvs.offset() !== 0) integer(hgvs.offset());
      break;
    case NMD:
      if (prediction.inCoding && escapesDecay(prediction.low)) escapes();
      break;
    default:
      break;
  }
}

/** The names of the terms: `a&b|IMPACT`, `a&b`, or the impact alone. */
function named(how: i32): void {
  const low = prediction.low;
  const high = prediction.high;
  const slot = TERM_SLOTS + ((((low * 0x9e3779b1) ^ (high * 0x85ebca6b) ^ how) >>> 22) & (TERM_SLOT_COUNT - 1)) * 16;
  if (load<i32>(slot) !== low || load<i32>(slot + 4) !== ((high << 2) | how) || load<i32>(slot + 8) === 0) {
    const made = terms(low, high, how);
    if (made < 0) {
      failed = true;
      return;
    }
    store<i32>(slot, low);
    store<i32>(slot + 4, (high << 2) | how);
    store<i32>(slot + 8, made);
  }
  const text = load<i32>(slot + 8);
  piece(text + 4, load<i32>(text));
}

function codonOf(position: i32): i32 {
  return position === 0 ? 0 : (position + 2) / 3;
}

/** `n`, `n-m`, `?-m`, `n-?`; an insertion's two neighbours in ascending order; nothing when neither end is there. */
function positions(from: i32, to: i32): void {
  if (from === 0 && to === 0) return;
  if (from !== 0 && to !== 0 && from > to) {
    const swap = from;
    from = to;
    to = swap;
  }
  if (from === 0) byte(63);
  else integer(from);
  if (from === to) return;
  byte(45);
  if (to === 0) byte(63);
  else integer(to);
}

/** `ENSP….1:p.Arg12Cys`, `p.Arg12%3D` where nothing changes, as VEP writes it into a VCF. */
function protein(): void {
  piece(word(words.PROTEIN_NAME), word(words.PROTEIN_NAME_LENGTH));
  byte(58);
  byte(112);
  byte(46);
  residue(codon.before);
  integer(codon.position);
  if (codon.before !== codon.after) residue(codon.after);
  else {
    byte(37);
    byte(51);
    byte(68);
  }
  described = true;
}

function residue(letter: i32): void {
  piece(RESIDUE_NAMES + (letter << 2), 3);
}

function aminoAcids(): void {
  byte(codon.before);
  if (codon.before === codon.after) return;
  byte(47);
  byte(codon.after);
}

/** The codons in lower case, the changed base in upper case. */
function codons(): void {
  for (let i = 0; i < 3; i++) byte(i === codon.place ? byteAt(codon.bases + i) : byteAt(codon.bases + i) | 32);
  byte(47);
  for (let i = 0; i < 3; i++) byte(i === codon.place ? codon.newBase : byteAt(codon.bases + i) | 32);
}

function changeName(): void {
  const at = CHANGE_NAMES + (allele.change << 3);
  piece(load<i32>(at), load<i32>(at + 4));
}

/** Behind the names of the changes the host has put this one. */
function escapes(): void {
  piece(load<i32>(CHANGE_NAMES + 48), load<i32>(CHANGE_NAMES + 52));
}
