/**
 * The two ways of counting bases, and the only place where one becomes the other. VCF counts positions from one;
 * everything inside the engine counts offsets from zero and writes intervals half-open.
 */

/** One-based, as in the POS column; 0 stands for the telomere before the first base. */
export type Position = number;

/** Zero-based. */
export type Offset = number;

/** The offset of a position; the telomere (0) is put on the first base. */
export function offsetOf(position: Position): Offset {
  return position > 0 ? position - 1 : 0;
}
