/**
 * The hot loop: annotates the ordinary records of a batch, nearly all there are, from line to line. A record with
 * anything unusual is left to the host, which knows everything (`../../pipeline/annotate.ts`): one ALT of a few plain
 * bases that lies on the current contig, agrees with the reference, and needs no more of a protein than one codon is
 * ordinary. What an ordinary record gets is what the host would write, byte by byte.
 */
import * as allele from './allele';
import * as hgvs from './hgvs';
import { countKnown, lookUp, writeKnown } from './known';
import { countColumns, fieldEnd, fieldStart, readColumns, readLine } from './line';
import {
  ANY_TERMS,
  AT,
  END,
  LINE,
  LINE_END,
  LINE_START,
  POSITION,
  RECORDS,
  REF_COMPARED,
  STOP,
  STRETCHES,
  TEXT,
  TEXT_LENGTH,
  TEXT_SIZE,
  WORST_TERMS,
} from './layout';
import { byteAt, count, get, set } from './memory';
import { isLogFull, log } from './log';
import * as prediction from './predict';
import { forgetTerms, writeIntergenic, writeRow } from './row';
import { baseAt, contigLength, hasSequence, openSequence } from './sequence';
import * as sweep from './sweep';
import { moveTo, near, nearAt } from './sweep';
import * as terms from './terms';
import { byte, isNearEnd, out, ROOM, stretch, writeAt } from './text';
import { countRegions, writeRegions } from './tracks';
import * as transcript from './transcript';
import { word } from './transcript';

export { openKnown } from './known';
export { openIntergenic } from './row';
export { openBands, openTracks } from './tracks';
import * as words from './transcript-words';

/** All lines of the batch are done. */
const DONE: i32 = 0;
/** Text or log are to be taken. */
const FULL: i32 = 1;
/** The line from AT to STOP is left to the host. */
const LEFT: i32 = 2;

const SLACK: i32 = 32;
const DOT: i32 = 46;
const E: i32 = 69;
const NEWLINE: i32 = 10;
const COMMA: i32 = 44;
const SEMICOLON: i32 = 59;
/** `CSQ=` as a word. */
const CSQ: i32 = 0x3d515343;
const STRETCH_BASES: i32 = 2000000;

/** Bytes of text beyond which the host takes it. */
let enough: i32 = 0;
/** Counts of records by gene. */
let genes: i32 = 0;

/** The contig's name; none is met when its length is 0. */
let name: i32 = 0;
let nameLength: i32 = 0;
/** Whether the reference has it, and its records get consequences. */
let isAnnotated: bool = false;
/** Its length as it is drawn, and in how many stretches. */
let drawnLength: f64 = 0;
let stretches: i32 = 0;

/** What the consequences say of the record: all its terms, the rank of the worst, and that one's gene or -1. */
let recordLow: i32 = 0;
let recordHigh: i32 = 0;
let recordRank: i32 = 0;
let recordGene: i32 = -1;

/** Bytes of text that are enough, and where records are counted by gene. */
export function open(textEnough: i32, genesAt: i32): void {
  enough = textEnough;
  genes = genesAt;
}

/** The contig that the next records lie on. */
export function openContig(
  nameAt: i32,
  length: i32,
  annotated: bool,
  bases: i32,
  basesAreKnown: bool,
  drawn: f64,
  drawnStretches: i32,
): void {
  name = nameAt;
  nameLength = length;
  isAnnotated = annotated;
  drawnLength = drawn;
  stretches = drawnStretches;
  openSequence(bases, basesAreKnown);
}

/** The contig's transcripts, after everything that had been kept was forgotten (`sweep.ts`). */
export function openTranscripts(count: i32, first: i32, starts: i32, ends: i32, reach: i32, distance: i32): void {
  forgetTerms();
  sweep.openTranscripts(count, first, starts, ends, reach, distance);
}

/** Goes on with the batch; answers DONE, FULL or LEFT. */
export function run(): i32 {
  const end = get(END);
  let at = get(AT);
  while (at < end) {
    if (get(TEXT_LENGTH) >= enough || isLogFull()) return FULL;
    const stop = readLine(at, end);
    if (get(POSITION) === 0 || !record(stop)) {
      set(STOP, stop);
      return LEFT;
    }
    if (stop < end) byte(NEWLINE);
    at = stop + 1;
    set(AT, at);
    set(LINE, get(LINE) + 1);
    const start = get(POSITION) - 1;
    log(start, start + fieldEnd(3) - fieldStart(3), get(TEXT_LENGTH));
    set(TEXT_LENGTH, out - TEXT);
  }
  return DONE;
}

/** Annotates the record whose line ends at `stop`; false, and nothing is written or counted, when it is not ordinary. */
function record(stop: i32): bool {
  if (!isOnContig() || !allele.readAllele()) return false;
  const lineStart = get(LINE_START);
  const info = fieldStart(7);
  const infoEnd = fieldEnd(7);
  // END matters for blocks of gVCFs.
  if (byteAt(info) === E) return false;
  if ((isAnnotated && !agrees()) || !readColumns()) return false;
  if (!hasRoom(stop - lineStart)) return false;
  if (!lookUp()) return false;
  stretch(lineStart, info - lineStart);
  const isEmpty = infoEnd <= info || (infoEnd === info + 1 && byteAt(info) === DOT);
  if (!isEmpty) stretch(info, infoEnd - info);
  const before = out;
  if (isAnnotated && !consequences(isEmpty)) return false;
  if (!writeKnown(isEmpty && out === before)) return false;
  const start = get(POSITION) - 1;
  if (!writeRegions(start, start + fieldEnd(3) - fieldStart(3), isEmpty && out === before)) return false;
  // Its newline and what `piece` writes beyond must have room, too.
  if (out + (stop - infoEnd) + SLACK > TEXT + TEXT_SIZE) return false;
  if (isEmpty && out === before) stretch(info, infoEnd - info);
  stretch(infoEnd, stop - infoEnd);
  countColumns();
  countRecord();
  return true;
}

function isOnContig(): bool {
  const start = get(LINE_START);
  if (fieldEnd(0) - start !== nameLength) return false;
  for (let i = 0; i < nameLength; i++) if (byteAt(name + i) !== byteAt(start + i)) return false;
  return nameLength > 0;
}

/** Whether REF is what the reference has, as far as it is known. */
function agrees(): bool {
  const start = get(POSITION) - 1;
  if (start >= contigLength) return false;
  if (!hasSequence) return true;
  const ref = fieldStart(3);
  const length = fieldEnd(3) - ref;
  for (let i = 0; i < length; i++) if (baseAt(start + i) !== byteAt(ref + i)) return false;
  return true;
}

/** Points the text behind what is written; false when a line of this length may not fit. */
function hasRoom(length: i32): bool {
  writeAt(TEXT + get(TEXT_LENGTH));
  return out + length + ROOM < TEXT + TEXT_SIZE;
}

/** Writes CSQ, and remembers what it says of the record; false when that is not ordinary. */
function consequences(isEmpty: bool): bool {
  recordLow = 0;
  recordHigh = 0;
  recordRank = 0;
  recordGene = -1;
  const start = get(POSITION) - 1;
  if (!moveTo(start, max(start + 1, allele.end))) return false;
  hgvs.nextAllele();
  if (!isEmpty) byte(SEMICOLON);
  store<i32>(out, CSQ);
  writeAt(out + 4);
  for (let i = 0; i < near; i++) {
    if (!prediction.reaches(nearAt(i))) continue;
    if (isNearEnd()) return false;
    transcript.take(nearAt(i));
    if (!prediction.predict()) return false;
    if (recordRank !== 0) byte(COMMA);
    note(word(words.GENE));
    if (!writeRow()) return false;
  }
  if (recordRank === 0) {
    prediction.predictNothing();
    note(-1);
    if (!writeIntergenic()) return false;
  }
  return !hgvs.hasFailed();
}

/** Remembers the terms of a block; the record's gene is that of the most severe. */
function note(gene: i32): void {
  const low = prediction.low;
  const high = prediction.high;
  const rank = terms.worstRank(low, high);
  recordLow |= low;
  recordHigh |= high;
  if (recordRank !== 0 && rank >= recordRank) return;
  recordRank = rank;
  recordGene = gene;
}

function countRecord(): void {
  count(RECORDS);
  allele.countAllele();
  countKnown();
  countRegions();
  if (isAnnotated) {
    if (hasSequence) count(REF_COMPARED);
    count(WORST_TERMS + recordRank);
    for (let bits = recordLow; bits !== 0; bits &= bits - 1) count(ANY_TERMS + 1 + (ctz(bits) as i32));
    for (let bits = recordHigh; bits !== 0; bits &= bits - 1) count(ANY_TERMS + 32 + (ctz(bits) as i32));
    if (recordGene >= 0) {
      const at = genes + (recordGene << 2);
      store<i32>(at, load<i32>(at) + 1);
    }
  }
  const offset = get(POSITION) - 1;
  const stretch =
    drawnLength > 0
      ? min(stretches - 1, floor(((offset as f64) / drawnLength) * (stretches as f64)) as i32)
      : offset / STRETCH_BASES;
  count(STRETCHES + stretch);
}
