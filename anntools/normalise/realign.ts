/**
 * A record against the reference: is its REF right, and are its alleles written the one way (`align.ts`)? Symbolic
 * deletions and duplications are moved as the bases they stand for; breakends, `*` and other symbols stay where they
 * are.
 */
import { leftAlign, leftShift, type BaseAt } from './align.ts';
import { infoOf, replaceInfo, type VcfLine } from './line.ts';

/** What became of a record. */
export type Outcome =
  | 'kept'
  | 'moved'
  /** REF is not what the reference has, or a letter is no base. */
  | 'mismatch'
  /** An ALT is the same as REF. */
  | 'repeated';

const BASES = /^[ACGTN]+$/i;
const SPAN = /^<(DEL|DUP)[:>]/;

/** Changes the record in place. */
export function realign(line: VcfLine, baseAt: BaseAt): Outcome {
  const [ref = '', ...alts] = line.alleles;
  if (!BASES.test(ref) || !agrees(ref, line.position - 1, baseAt)) return 'mismatch';
  if (alts.length === 0) {
    line.alleles = [ref.slice(0, 1)];
    return 'kept';
  }
  if (alts.some((alt) => SPAN.test(alt))) return moveSpan(line, baseAt);
  if (alts.some((alt) => /[[\]<*.]/.test(alt))) return 'kept';
  if (!alts.every((alt) => BASES.test(alt))) return 'mismatch';
  if (alts.some((alt) => alt.toUpperCase() === ref.toUpperCase())) return 'repeated';
  const { start, alleles } = leftAlign(line.position - 1, line.alleles, baseAt);
  if (start === line.position - 1 && alleles[0]?.length === ref.length) return 'kept';
  const end = infoOf(line, 'END');
  if (end !== undefined && end.includes(',') === false)
    replaceInfo(line, 'END', `${start + (alleles[0]?.length ?? 0)}`);
  line.position = start + 1;
  line.alleles = alleles;
  return 'moved';
}

/** Whether the reference has these bases at a zero-based offset. */
export function agrees(bases: string, start: number, baseAt: BaseAt): boolean {
  for (let i = 0; i < bases.length; i++) if (baseAt(start + i) !== bases[i]?.toUpperCase()) return false;
  return start >= 0;
}

/** Moves `<DEL>` and `<DUP>`, beside a deletion of the same bases spelled out if there is one. */
function moveSpan(line: VcfLine, baseAt: BaseAt): Outcome {
  const [ref = '', ...alts] = line.alleles;
  const start = line.position;
  const end = spanEnd(line);
  // An ALT beside it must be the anchor alone, so that both lose the same bases.
  const together = alts.every((alt) => SPAN.test(alt) || (alt.length === 1 && ref.length === end - start + 1));
  if (!(end > start) || !together) return 'kept';
  const shift = leftShift(start, end, baseAt);
  if (shift === 0) return 'kept';
  line.position -= shift;
  const bases = (length: number) => Array.from({ length }, (_, i) => baseAt(start - shift - 1 + i)).join('');
  line.alleles = [bases(ref.length), ...alts.map((alt) => (SPAN.test(alt) ? alt : bases(alt.length)))];
  const told = infoOf(line, 'END');
  if (told !== undefined) replaceInfo(line, 'END', `${end - shift}`);
  return 'moved';
}

/** Zero-based offset behind the span, by END or SVLEN; NaN where neither tells. */
function spanEnd(line: VcfLine): number {
  const end = infoOf(line, 'END');
  if (end !== undefined) return Number(end);
  return line.position + Math.abs(Number.parseInt(infoOf(line, 'SVLEN') ?? '', 10));
}
