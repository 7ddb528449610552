import { expect, test } from 'bun:test';
import { roomToTheLeft } from '../../../anntools/genome/left-most.ts';

test.each([
  ['CAAAAT', 4, 'A', 3, 'one of a run, to its beginning'],
  ['CAAAAT', 1, 'A', 0, 'the first of a run stays'],
  ['AAAA', 3, 'A', 3, 'to the beginning of the contig'],
  ['TCAGCAGCAG', 7, 'CAG', 6, 'a unit by whole units'],
  ['TTCAGCAG', 4, 'GCA', 2, 'a unit by a part of itself, turned'],
  ['TCAGCAG', 7, 'TCAG', 3, 'as far as a longer one repeats'],
  ['ACGT', 2, 'T', 0, 'no repeat'],
  ['', 0, 'A', 0, 'nothing before it'],
])('in %s, at %i, %s moves %i: %s', (sequence, offset, bases, room) => {
  const letters = (text: string) => (i: number) => text.charAt(i);
  expect(roomToTheLeft(offset, bases.length, letters(bases), letters(sequence))).toBe(room);
  expect(roomToTheLeft(offset, bases.length, letters(bases), letters(sequence), 1)).toBe(Math.min(room, 1));
});
