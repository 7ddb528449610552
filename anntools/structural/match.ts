/**
 * When are two structural variants the same one? Callers disagree about ends, so: events of one kind that overlap each
 * other by a share of both (reciprocal overlap), insertions of like length near each other, breakends whose two ends both
 * lie near. Everything is zero-based.
 */
import { StructuralEffect } from '../consequence/structural-alleles.ts';

/** How unlike two variants may be and still count as one. */
export interface Tolerance {
  /** Least share of each that the other covers, and least ratio of the lengths of insertions: above 0, at most 1. */
  overlap: number;
  /** Most bases between the places of insertions, and of the ends of breakends. */
  window: number;
}

/** Truvari's share for lengths; insertions and breakends are told by split reads (docs/decisions/011). */
export const TOLERANCE: Tolerance = { overlap: 0.7, window: 100 };

/** A variant as far as it is compared. */
export interface Shape {
  /** `StructuralEffect`. */
  effect: number;
  contig: number;
  start: number;
  end: number;
  /** Bases inserted, for insertions; 0 where nobody says. */
  length: number;
  /** The other end of a breakend: contig and base; -1 without one. */
  mateContig: number;
  mateBase: number;
}

const { LOSS, GAIN, COPY_NUMBER } = StructuralEffect;

/** The effects that an effect is compared with: numbers of copies that go both ways are both a loss and a gain. */
export function comparedWith(effect: number): readonly number[] {
  if (effect === LOSS || effect === GAIN) return [effect, COPY_NUMBER];
  return effect === COPY_NUMBER ? [LOSS, GAIN, COPY_NUMBER] : [effect];
}

/** What a variant is sorted by besides its place: so much of its length that likes are found in a few neighbours. */
export function sizeOf({ effect, start, end, length }: Omit<Shape, 'contig' | 'mateContig' | 'mateBase'>): number {
  if (effect === StructuralEffect.BREAKEND) return 0;
  return effect === StructuralEffect.INSERTION ? length : end - start;
}

const SIZE_MAX = 0x7fffffff;

/** Sizes of 2^(n−1) to 2^n − 1 are in bin n, unknown ones in bin 0. */
export function binOf(size: number): number {
  return 32 - Math.clz32(Math.min(size, SIZE_MAX));
}
export const BINS = 32;

/**
 * The share of the longer of two stretches that both have: what `bedtools intersect -r` compares with `-f`.
 */
export function reciprocalOverlap(startA: number, endA: number, startB: number, endB: number): number {
  const shared = Math.min(endA, endB) - Math.max(startA, startB);
  return shared <= 0 ? 0 : shared / Math.max(endA - startA, endB - startB);
}

/** The shorter length as a share of the longer; 0 where one is not known. */
export function lengthRatio(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : Math.min(a, b) / Math.max(a, b);
}
