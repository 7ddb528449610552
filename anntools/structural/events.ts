/**
 * What the structural ALTs of a record do to the genome: which stretch changes, and which bases come to lie side by side
 * that did not. Symbols, breakends, and indels of bases from 50 bases on are the same thing here. Everything is zero-based.
 */
import { type Allele, RecordAlleles } from '../consequence/alleles.ts';
import { StructuralEffect, countsCopies } from '../consequence/structural-alleles.ts';
import { AlleleClass, type AltAlleles, STRUCTURAL_MIN } from '../vcf/alleles.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { Claims } from './claims.ts';

/** One of the two ends of a join. */
export interface End {
  /** Contig by the file's name; null for the record's own. */
  contig: string | null;
  /** The outermost base that is kept. */
  base: number;
  /** Whether what is kept lies to its left, itself included. */
  keepsLeft: boolean;
}

/** Two ends that come to lie side by side: that at POS (CIPOS tells how sure it is), and the other. */
export interface Join {
  ends: readonly [End, End];
  /** Bases between them that neither has. */
  inserted: number;
}

export interface StructuralEvent {
  /** One-based index among the ALTs of the record. */
  number: number;
  /** `StructuralEffect`. */
  effect: number;
  /** The stretch, half-open; empty where an insertion replaces nothing; of a breakend the base at POS. */
  start: number;
  end: number;
  /** Bases inserted or reached over; 0 where nobody says. */
  length: number;
  /** Place of a breakend's other end; null without one. */
  mate: { contig: string; base: number } | null;
  /** The joins that it claims (VCF 4.4 section 3, SVCLAIM): none where only the number of copies is told. */
  joins: () => readonly Join[];
  /** How it is known. */
  claims: Claims;
}

/** Whether a record has structural ALTs at all: a few comparisons for records that have none. */
export function hasStructural({ count, classes, refStarts, refEnds, altStarts, altEnds }: AltAlleles): boolean {
  for (let i = 0; i < count; i++) {
    if (classes[i] >= AlleleClass.OVERLAPPED) continue;
    if (classes[i] >= AlleleClass.SV_DELETION) return true;
    if (refEnds[i] - refStarts[i] >= STRUCTURAL_MIN || altEnds[i] - altStarts[i] >= STRUCTURAL_MIN) return true;
  }
  return false;
}

export class EventReader {
  readonly #symbolic = new RecordAlleles();

  /** The structural ALTs of a record, whose alleles are given trimmed. */
  read(record: VcfRecord, alleles: AltAlleles): StructuralEvent[] {
    this.#symbolic.parse(record, false);
    const claims = new Claims(() => record.text(7));
    const events: StructuralEvent[] = [];
    for (let i = 0; i < alleles.count; i++) {
      const what = alleles.classes[i];
      if (what >= AlleleClass.OVERLAPPED) continue;
      const symbolic = this.#symbolic.all[i];
      const event =
        what < AlleleClass.SV_DELETION
          ? ofBases(alleles, i, claims)
          : symbolic.structural.effect === StructuralEffect.BREAKEND
            ? ofBreakend(symbolic, record.position - 1, claims)
            : ofSymbol(symbolic, i + 1, claims);
      if (event !== null) events.push(event);
    }
    return events;
  }
}

/** An indel written out; null when it is short. */
function ofBases(
  { offsets, refStarts, refEnds, altStarts, altEnds }: AltAlleles,
  i: number,
  claims: Claims,
): StructuralEvent | null {
  const lost = refEnds[i] - refStarts[i];
  const gained = altEnds[i] - altStarts[i];
  if (Math.max(lost, gained) < STRUCTURAL_MIN) return null;
  const { LOSS, INSERTION, OTHER } = StructuralEffect;
  const effect = lost - gained >= STRUCTURAL_MIN ? LOSS : gained - lost >= STRUCTURAL_MIN ? INSERTION : OTHER;
  const start = offsets[i];
  const end = start + lost;
  const length = effect === INSERTION ? gained : lost;
  const joins = () => (effect === LOSS ? [acrossLoss(start, end, gained)] : []);
  return { number: i + 1, effect, start, end, length, mate: null, joins, claims };
}

function ofSymbol({ start, end, structural, structuralLength }: Allele, number: number, claims: Claims) {
  const { effect } = structural;
  const isPoint = effect === StructuralEffect.INSERTION;
  const isCount = countsCopies(structural);
  return {
    number,
    effect,
    start,
    end: isPoint ? start : end,
    length: structuralLength,
    mate: null,
    joins: () => (isCount || !claims.joins(number) ? [] : joinsOf(effect, start, end, claims)),
    claims,
  };
}

function joinsOf(effect: number, start: number, end: number, { inversionJoins }: Claims): Join[] {
  const at = (base: number, keepsLeft: boolean): End => ({ contig: null, base, keepsLeft });
  const join = (a: End, b: End): Join => ({ ends: [a, b], inserted: 0 });
  switch (effect) {
    case StructuralEffect.LOSS:
      return [acrossLoss(start, end, 0)];
    case StructuralEffect.GAIN:
      // In tandem: behind the last base of the stretch its first one follows.
      return [join(at(start, false), at(end - 1, true))];
    case StructuralEffect.INVERSION:
      return [
        ...(inversionJoins.before ? [join(at(start - 1, true), at(end - 1, true))] : []),
        ...(inversionJoins.behind ? [join(at(start, false), at(end, false))] : []),
      ];
    default:
      return [];
  }
}

function acrossLoss(start: number, end: number, inserted: number): Join {
  const before = { contig: null, base: start - 1, keepsLeft: true };
  return { ends: [before, { contig: null, base: end, keepsLeft: false }], inserted };
}

function ofBreakend(
  { number, structural, breakend, mateContig, matePosition }: Allele,
  base: number,
  claims: Claims,
): StructuralEvent {
  const joins: Join[] = [];
  const mate = breakend?.mate;
  if (breakend && mate) {
    const { contig, position, keepsLeft } = mate;
    const ends: Join['ends'] = [
      { contig: null, base, keepsLeft: breakend.keepsLeft },
      { contig, base: position - 1, keepsLeft },
    ];
    joins.push({ ends, inserted: breakend.inserted });
  }
  return {
    number,
    effect: structural.effect,
    start: Math.max(0, base),
    end: Math.max(0, base) + 1,
    length: 0,
    mate: matePosition > 0 ? { contig: mateContig, base: matePosition - 1 } : null,
    joins: () => joins,
    claims,
  };
}
