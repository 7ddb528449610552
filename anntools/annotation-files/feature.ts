/**
 * One line of GFF3 or GTF: nine tab-separated columns. Both formats share the first eight (GFF3 specification 1.26,
 * "Description of the Format"; GTF2.2); the ninth is left as text for `attributes.ts`.
 */
import { InputError } from '../errors.ts';

export interface Feature {
  contig: string;
  source: string;
  type: string;
  /** Zero-based, half-open. On a circular contig `end` may lie beyond its length. */
  start: number;
  end: number;
  /** 0 where the file says `.` or `?`. */
  strand: 1 | -1 | 0;
  /** Bases to skip to the next codon: 0, 1, 2; 0 where the file says `.`. */
  phase: 0 | 1 | 2;
  attributes: string;
  line: number;
}

/** @throws InputError that names the line and what is wrong with it. */
export function parseFeature(text: string, line: number): Feature {
  const ends: number[] = [];
  for (let tab = text.indexOf('\t'); tab >= 0 && ends.length < 8; tab = text.indexOf('\t', tab + 1)) ends.push(tab);
  if (ends.length < 7) {
    throw new InputError(
      'BAD_MODELS',
      `line ${line} has ${ends.length + 1} tab-separated columns where GFF3 and GTF have 9`,
      { line },
    );
  }
  const column = (i: number): string => text.slice(i === 0 ? 0 : ends[i - 1] + 1, ends[i]);
  const start = Number(column(3));
  const end = Number(column(4));
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 1 || end < start || end > 0x7fffffff) {
    throw new InputError(
      'BAD_MODELS',
      `line ${line} has start '${column(3)}' and end '${column(4)}': not a range of positions`,
      { line },
    );
  }
  const phase = column(7);
  return {
    contig: column(0),
    source: column(1),
    type: column(2),
    start: start - 1,
    end,
    strand: strandOf(column(6)),
    phase: phase === '1' ? 1 : phase === '2' ? 2 : 0,
    attributes: ends.length === 8 ? text.slice(ends[7] + 1) : '',
    line,
  };
}

function strandOf(text: string): 1 | -1 | 0 {
  return text === '+' ? 1 : text === '-' ? -1 : 0;
}
