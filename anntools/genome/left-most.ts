/**
 * The one rule by which insertions and deletions move to the left: in a repeat the same change can be written at many
 * places, and two files agree on one only when both have moved it as far as the sequence allows (Tan, Abecasis & Kang
 * 2015, doi:10.1093/bioinformatics/btv112).
 */

/**
 * How many bases the change can be moved to the left: while the base before it is its last one, it can as well begin
 * there and end one earlier.
 * @param offset zero-based, of the bases that are inserted before it or deleted from it on.
 * @param length of those bases.
 * @param letterAt the i-th of them.
 * @param baseAt the letter of the sequence at an offset.
 * @param limit is not passed; the beginning of the contig when absent.
 */
export function roomToTheLeft<Letter>(
  offset: number,
  length: number,
  letterAt: (i: number) => Letter,
  baseAt: (offset: number) => Letter,
  limit = offset,
): number {
  let room = 0;
  for (let last = length - 1; room < limit && baseAt(offset - 1 - room) === letterAt(last); room++) {
    last = last === 0 ? length - 1 : last - 1;
  }
  return room;
}
