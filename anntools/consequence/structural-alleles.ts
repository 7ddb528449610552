/**
 * Symbolic alleles and breakends as places on the genome: which class of event an ALT tells, and from where to where
 * it reaches by END and SVLEN (VCF 4.5 sections 3 and 5.4). POS is the base before the event. What is hard is that
 * callers say the same thing in many ways: copy numbers in the symbol, in INFO or in the samples, mates in the ALT or in
 * CHR2 and END.
 */
import { infoKey, infoValue, infoValueEnd } from '../vcf/info.ts';
import type { VcfRecord } from '../vcf/record.ts';
import type { Allele } from './alleles.ts';
import { type Breakend, parseBreakend } from './breakend.ts';
import { CopyChange, copyChange } from './copy-number.ts';

/** What happens to the stretch, as far as a transcript is concerned. */
export const StructuralEffect = {
  NONE: 0,
  LOSS: 1,
  GAIN: 2,
  INSERTION: 3,
  /** Bases are touched, and none is told to be lost or gained. */
  OTHER: 4,
  BREAKEND: 5,
  /** As `OTHER`, where more is known of the event: inversions, copy numbers of unknown direction, tandem repeats. */
  INVERSION: 6,
  COPY_NUMBER: 7,
  REPEAT: 8,
} as const;

export interface StructuralClass {
  /** The Sequence Ontology's name, which VEP writes as Allele and VARIANT_CLASS. */
  name: Uint8Array;
  effect: number;
}

const classOf = (name: string, effect: number): StructuralClass => ({ name: Buffer.from(name, 'latin1'), effect });

const { LOSS, GAIN, INSERTION, OTHER, BREAKEND, INVERSION, COPY_NUMBER, REPEAT } = StructuralEffect;

export const BREAKPOINT = classOf('chromosome_breakpoint', BREAKEND);
const UNKNOWN = classOf('structural_alteration', OTHER);
const CNV = classOf('copy_number_variation', COPY_NUMBER);
const CNV_LOSS = classOf('copy_number_loss', LOSS);
const CNV_GAIN = classOf('copy_number_gain', GAIN);
const DELETION = classOf('deletion', LOSS);
const DUPLICATION = classOf('duplication', GAIN);

/** By the start of the symbol, the longest first. */
const symbols: readonly (readonly [start: string, kind: StructuralClass])[] = [
  ['DEL:ME:ALU', classOf('Alu_deletion', LOSS)],
  ['DEL:ME:L1', classOf('LINE1_deletion', LOSS)],
  ['DEL:ME:LINE1', classOf('LINE1_deletion', LOSS)],
  ['DEL:ME:SVA', classOf('SVA_deletion', LOSS)],
  ['DEL:ME:HERV', classOf('HERV_deletion', LOSS)],
  ['DEL:ME', classOf('mobile_element_deletion', LOSS)],
  ['DEL', DELETION],
  ['INS:ME:ALU', classOf('Alu_insertion', INSERTION)],
  ['INS:ME:L1', classOf('LINE1_insertion', INSERTION)],
  ['INS:ME:LINE1', classOf('LINE1_insertion', INSERTION)],
  ['INS:ME:SVA', classOf('SVA_insertion', INSERTION)],
  ['INS:ME:HERV', classOf('HERV_insertion', INSERTION)],
  ['INS:ME', classOf('mobile_element_insertion', INSERTION)],
  ['INS', classOf('insertion', INSERTION)],
  ['DUP:TANDEM', classOf('tandem_duplication', GAIN)],
  ['DUP', DUPLICATION],
  ['TDUP', classOf('tandem_duplication', GAIN)],
  ['INV', classOf('inversion', INVERSION)],
  ['CNV:TR', classOf('tandem_repeat', REPEAT)],
  ['CNV', CNV],
  ['BND', BREAKPOINT],
  ['TRA', BREAKPOINT],
  ['CTX', BREAKPOINT],
];

const END = infoKey('END');
const SVLEN = infoKey('SVLEN');
const CHR2 = infoKey('CHR2');
/** Where the mate lies on CHR2: svtk and GATK-SV, Delly, and those that write it into END. */
const MATE_POSITIONS = [infoKey('END2'), infoKey('POS2'), END];
/** How the ends are joined: `+-` of svtk and LUMPY, `3to5` of Delly. */
const STRANDS = infoKey('STRANDS');
const CT = infoKey('CT');
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
  if (bytes[from] !== LESS) return readSpelled(allele, bytes, from, to, position);
  const symbol = Buffer.prototype.latin1Slice.call(bytes, from + 1, to - 1).toUpperCase();
  const named = symbols.find(([start]) => symbol === start || symbol.startsWith(`${start}:`))?.[1] ?? byNumber(symbol);
  const kind = named === CNV ? byState(record, allele.number) : named;
  setClass(allele, kind);
  allele.start = position;
  if (kind === BREAKPOINT) return readMate(allele, record);
  const length = Math.abs(infoNumber(record, SVLEN, allele.number));
  const told = infoNumber(record, END, 1);
  if (kind.effect === INSERTION) {
    // VEP lets an insertion reach over as many bases as it inserts.
    allele.end = insertionsSpan && length > 0 ? position + length : Math.max(position, told);
    allele.structuralLength = length;
    return;
  }
  // END is that of the longest of several ALTs (VCF 4.4 section 1.6.1); SVLEN has one for each.
  const ownLength = length > 0 && hasSeveralAlts(record);
  allele.end = told > position && !ownLength ? told : length > 0 ? position + length : position + 1;
  allele.structuralLength = allele.end - allele.start;
}

/** Whether a class tells a number of copies only, and not that one end lies beside the other. */
export function countsCopies(kind: StructuralClass): boolean {
  return kind === CNV || kind === CNV_LOSS || kind === CNV_GAIN;
}

function setClass(allele: Allele, kind: StructuralClass): void {
  allele.structural = kind;
  allele.text = kind.name;
  allele.textLength = kind.name.length;
}

/**
 * `<CN0>`, `<CN3>`: copies on one haplotype (1000 Genomes, phase 3), of which one is normal; `<STR27>`: a repeat of so
 * many units. The names are VEP's (`Parser.pm`, `get_SO_term`).
 */
function byNumber(symbol: string): StructuralClass {
  if (/^STR\d*$/.test(symbol)) return TANDEM_REPEAT;
  const copies = /^CN=?(\d+)$/.exec(symbol)?.[1];
  if (copies === undefined) return UNKNOWN;
  if (copies === '0') return DELETION;
  if (copies === '1') return CNV;
  return copies === '2' ? DUPLICATION : CNV_GAIN;
}

const TANDEM_REPEAT = classOf('tandem_repeat', REPEAT);

function byState(record: VcfRecord, number: number): StructuralClass {
  const change = copyChange(record, number);
  if (change === CopyChange.LOSS) return CNV_LOSS;
  return change === CopyChange.GAIN ? CNV_GAIN : CNV;
}

/** An ALT with letters: a breakend, or `C<ctg1>`, the insertion of a whole contig of the assembly file (section 5.4.2). */
function readSpelled(allele: Allele, bytes: Uint8Array, from: number, to: number, position: number): void {
  const text = Buffer.prototype.latin1Slice.call(bytes, from, to);
  allele.start = position;
  if (/^[A-Za-z]+<[^<>]+>$/.test(text)) {
    setClass(allele, NOVEL_INSERTION);
    allele.end = position;
    allele.structuralLength = 0;
    return;
  }
  const breakend = parseBreakend(text);
  allele.structural = BREAKPOINT;
  setEnds(allele, breakend, breakend?.mate?.contig ?? '', breakend?.mate?.position ?? 0);
  allele.mateText = bytes.subarray(from, to);
  // VEP writes the local end alone as `N.` or `.N`.
  const [, before = '', , after = ''] = /^([A-Za-z.]*)([[\]].*[[\]])([A-Za-z.]*)$/.exec(text) ?? [];
  const local = before === '' && after === '' ? text : before === '' ? `.${after}` : `${before}.`;
  allele.text = Buffer.from(local, 'latin1');
  allele.textLength = local.length;
}

const NOVEL_INSERTION = classOf('insertion', INSERTION);

function setEnds(allele: Allele, breakend: Breakend | null, contig: string, position: number): void {
  allele.end = allele.start + 1;
  allele.structuralLength = 0;
  allele.breakend = breakend;
  allele.mateContig = contig;
  allele.matePosition = position;
}

/** The mate of `<BND>` or `<TRA>`, which INFO tells. */
function readMate(allele: Allele, record: VcfRecord): void {
  const contig = infoWord(record, CHR2);
  const position = MATE_POSITIONS.map((key) => infoNumber(record, key, 1)).find((told) => told > 0) ?? 0;
  const hasMate = contig !== '' && position > 0;
  const [, local, other] =
    /^([-+])([-+])$/.exec(infoWord(record, STRANDS)) ?? /^([35])to([35])$/.exec(infoWord(record, CT)) ?? [];
  const isLeft = (side: string) => side === '+' || side === '3';
  const breakend =
    hasMate && local !== undefined && other !== undefined
      ? { keepsLeft: isLeft(local), inserted: 0, mate: { contig, position, keepsLeft: isLeft(other) } }
      : null;
  setEnds(allele, breakend, hasMate ? contig : '', hasMate ? position : 0);
  allele.mateText = allele.structural.name;
}

function hasSeveralAlts({ bytes, ends }: VcfRecord): boolean {
  const comma = bytes.indexOf(COMMA, ends[3] + 1);
  return comma >= 0 && comma < ends[4];
}

/** The value of an INFO key, empty when it is not there. */
function infoWord({ bytes, ends }: VcfRecord, key: Uint8Array): string {
  const at = infoValue(bytes, ends[6] + 1, ends[7], key);
  return at < 0 ? '' : Buffer.prototype.latin1Slice.call(bytes, at, infoValueEnd(bytes, at, ends[7]));
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
