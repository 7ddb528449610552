/**
 * Symbolic alleles and breakends as places on the genome: which class of event an ALT tells, and from where to where
 * it reaches by END and SVLEN (VCF 4.5 sections 3 and 5.4). POS is the base before the event.
 */
import { infoKey, infoValue, infoValueEnd } from '../vcf/info.ts';
import type { VcfRecord } from '../vcf/record.ts';
import type { Allele } from './alleles.ts';

/** What happens to the stretch, as far as a transcript is concerned. */
export const StructuralEffect = {
  NONE: 0,
  LOSS: 1,
  GAIN: 2,
  INSERTION: 3,
  /** Inversions, and copy numbers of unknown direction: bases are touched, none is told to be lost or gained. */
  OTHER: 4,
  BREAKEND: 5,
} as const;

export interface StructuralClass {
  /** The Sequence Ontology's name, which VEP writes as Allele and VARIANT_CLASS. */
  name: Uint8Array;
  effect: number;
}

const classOf = (name: string, effect: number): StructuralClass => ({ name: Buffer.from(name, 'latin1'), effect });

const { LOSS, GAIN, INSERTION, OTHER, BREAKEND } = StructuralEffect;

/** By the start of the symbol, the longest first. */
const symbols: readonly (readonly [start: string, kind: StructuralClass])[] = [
  ['DEL:ME:ALU', classOf('Alu_deletion', LOSS)],
  ['DEL:ME:L1', classOf('LINE1_deletion', LOSS)],
  ['DEL:ME:LINE1', classOf('LINE1_deletion', LOSS)],
  ['DEL:ME:SVA', classOf('SVA_deletion', LOSS)],
  ['DEL:ME:HERV', classOf('HERV_deletion', LOSS)],
  ['DEL:ME', classOf('mobile_element_deletion', LOSS)],
  ['DEL', classOf('deletion', LOSS)],
  ['INS:ME:ALU', classOf('Alu_insertion', INSERTION)],
  ['INS:ME:L1', classOf('LINE1_insertion', INSERTION)],
  ['INS:ME:LINE1', classOf('LINE1_insertion', INSERTION)],
  ['INS:ME:SVA', classOf('SVA_insertion', INSERTION)],
  ['INS:ME:HERV', classOf('HERV_insertion', INSERTION)],
  ['INS:ME', classOf('mobile_element_insertion', INSERTION)],
  ['INS', classOf('insertion', INSERTION)],
  ['DUP:TANDEM', classOf('tandem_duplication', GAIN)],
  ['DUP', classOf('duplication', GAIN)],
  ['TDUP', classOf('tandem_duplication', GAIN)],
  ['INV', classOf('inversion', OTHER)],
  ['CNV:TR', classOf('tandem_repeat', OTHER)],
  ['CNV', classOf('copy_number_variation', OTHER)],
  ['CN0', classOf('copy_number_loss', LOSS)],
  ['CN', classOf('copy_number_variation', OTHER)],
];

const UNKNOWN = classOf('structural_alteration', OTHER);
export const BREAKPOINT = classOf('chromosome_breakpoint', BREAKEND);

const END = infoKey('END');
const SVLEN = infoKey('SVLEN');
const LESS = 60;
const DOT = 46;
const COMMA = 44;
const MINUS = 45;

/** Fills in what a structural ALT (bytes[from, to) of the record, `allele.number` of them) is and where it lies. */
export function readStructural(
  allele: Allele,
  record: VcfRecord,
  from: number,
  to: number,
  insertionsSpan: boolean,
): void {
  const { bytes, position } = record;
  if (bytes[from] !== LESS) return readBreakend(allele, bytes, from, to, position);
  const symbol = Buffer.prototype.latin1Slice.call(bytes, from + 1, to - 1).toUpperCase();
  const kind = symbols.find(([start]) => symbol === start || symbol.startsWith(`${start}:`))?.[1] ?? byNumber(symbol);
  allele.structural = kind;
  allele.text = kind.name;
  allele.textLength = kind.name.length;
  const length = Math.abs(infoNumber(record, SVLEN, allele.number));
  const told = infoNumber(record, END, 1);
  allele.start = position;
  if (kind.effect === INSERTION) {
    // VEP lets an insertion reach over as many bases as it inserts.
    allele.end = insertionsSpan && length > 0 ? position + length : Math.max(position, told);
  } else {
    allele.end = told > position ? told : length > 0 ? position + length : position + 1;
  }
}

/** `CN3` and the like: more than two copies are a gain. */
function byNumber(symbol: string): StructuralClass {
  const copies = /^CN(\d+)$/.exec(symbol)?.[1];
  if (copies === undefined) return symbol === 'BND' ? BREAKPOINT : UNKNOWN;
  if (copies === '0') return COPY_NUMBER_LOSS;
  return Number(copies) > 2 ? COPY_NUMBER_GAIN : COPY_NUMBER;
}

const COPY_NUMBER_LOSS = classOf('copy_number_loss', LOSS);
const COPY_NUMBER_GAIN = classOf('copy_number_gain', GAIN);
const COPY_NUMBER = classOf('copy_number_variation', OTHER);

/** `G]17:198982]`, `.[2:321682[`, `G.`: the local end, and the mate's place where one is told. */
function readBreakend(allele: Allele, bytes: Uint8Array, from: number, to: number, position: number): void {
  const text = Buffer.prototype.latin1Slice.call(bytes, from, to);
  const parts = /^([A-Za-z.]*)[[\]]<?([^[\]]+?)>?:(\d+)[[\]]([A-Za-z.]*)$/.exec(text);
  allele.structural = BREAKPOINT;
  allele.start = position;
  allele.end = position + 1;
  allele.mateContig = parts?.[2] ?? '';
  allele.matePosition = parts === null ? 0 : Number(parts[3]);
  allele.mateText = bytes.subarray(from, to);
  // VEP writes the local end alone as `N.` or `.N`.
  const local = parts === null ? text : parts[1] !== '' ? `${parts[1]}.` : `.${parts[4]}`;
  allele.text = Buffer.from(local, 'latin1');
  allele.textLength = local.length;
}

/** The n-th number of an INFO value, 0 when it is not there. */
function infoNumber({ bytes, ends }: VcfRecord, key: Uint8Array, n: number): number {
  const end = ends[7];
  let at = infoValue(bytes, ends[6] + 1, end, key);
  if (at < 0) return 0;
  const stop = infoValueEnd(bytes, at, end);
  for (let skipped = 1; skipped < n; skipped++) {
    const comma = bytes.indexOf(COMMA, at);
    if (comma < 0 || comma >= stop) break;
    at = comma + 1;
  }
  let value = 0;
  let sign = 1;
  for (; at < stop && bytes[at] !== COMMA && bytes[at] !== DOT; at++) {
    if (bytes[at] === MINUS) sign = -1;
    else value = value * 10 + bytes[at] - 48;
  }
  return Number.isSafeInteger(value) ? sign * value : 0;
}
