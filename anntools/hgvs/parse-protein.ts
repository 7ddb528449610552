/**
 * Reads descriptions of proteins, `p.`, in one-letter and three-letter residues; they come out in three letters. A
 * sequence keeps to one of the two ways, and a stop can only be its end.
 */
import { RESIDUES } from './residues.ts';
import type { Scanner } from './scanner.ts';
import type { HgvsResidue, ProteinEdit, ProteinVariant } from './variant.ts';

const STOP = 'Ter';

const THREE = `(?:${Object.values(RESIDUES).join('|')}|Pyl|Xle)`;
const ONE = `[${Object.keys(RESIDUES).join('')}]`;
const ANY = `${THREE}|Ter|${ONE}|\\*`;
const SEQUENCE = `(?:${THREE})+(?:Ter)?|Ter|${ONE}+\\*?|\\*`;

const WHOLE = /\?$|\(=\)$|=$|0\??$/y;
const RESIDUE = new RegExp(`(${ANY})(\\d+)`, 'y');
const END = new RegExp(`_(${ANY})(\\d+)`, 'y');
const INSERTION = new RegExp(`(ins|delins)(${SEQUENCE})(?=\\)?$)`, 'y');
const FRAMESHIFT = new RegExp(`(${ANY})?fs(?:(?:Ter|\\*|X)(\\d+|\\?)?)?`, 'y');
const EXTENSION = new RegExp(`(${ANY})?ext(?:(Ter|\\*|X)(\\d+|\\?)?|(${ANY})?(-\\d+))?`, 'y');
const SUBSTITUTION = new RegExp(`${ANY}|\\?`, 'y');

/** Reads what stands behind `p.`, to the end. */
export function parseProtein(scanner: Scanner): Omit<ProteinVariant, 'accession' | 'gene' | 'kind'> {
  const whole = scanner.take(WHOLE)?.[0];
  if (whole !== undefined) {
    const said = whole.replace(/[()]/g, '') as '?' | '0' | '0?' | '=';
    return { whole: said, predicted: whole.startsWith('('), editPredicted: false };
  }
  const predicted = scanner.has('(');
  const start = residueOf(scanner.take(RESIDUE) ?? scanner.fail('a residue and its position'));
  const last = scanner.take(END);
  const end = last === null ? undefined : residueOf(last);
  const editPredicted = !predicted && scanner.has('(');
  const isPlace = scanner.at === scanner.text.length - (predicted ? 1 : 0);
  const edit = isPlace ? undefined : parseEdit(scanner, end !== undefined);
  if ((predicted || editPredicted) && !scanner.has(')')) scanner.fail("')'");
  if (!scanner.isAtEnd) scanner.fail('the end');
  return { start, predicted, editPredicted, ...(end && { end }), ...(edit && { edit }) };
}

function residueOf([, residue = '', position]: RegExpExecArray): HgvsResidue {
  return { residue: inThreeLetters(residue), position: Number(position) };
}

/** `isRange`: a change of several residues, which is no substitution, frame shift or extension. */
function parseEdit(scanner: Scanner, isRange: boolean): ProteinEdit {
  const inserted = scanner.take(INSERTION);
  if (inserted) return { kind: inserted[1] as 'ins' | 'delins', alt: inThreeLetters(inserted[2]) };
  if (scanner.has('del')) return { kind: 'del' };
  if (scanner.has('dup')) return { kind: 'dup' };
  if (scanner.has('=')) return { kind: 'identity' };
  if (isRange) return scanner.fail('del, dup, delins or ins');
  const shifted = scanner.take(FRAMESHIFT);
  if (shifted) return { kind: 'frameshift', alt: inThreeLetters(shifted[1] ?? ''), length: shifted[2] ?? '' };
  const extended = scanner.take(EXTENSION);
  if (extended) {
    const [, alt = '', stop, behind = '', before = '', length = ''] = extended;
    const toward = stop === undefined ? inThreeLetters(before) : STOP;
    return { kind: 'extension', alt: inThreeLetters(alt), toward, length: behind + length };
  }
  const alt = scanner.take(SUBSTITUTION)?.[0] ?? scanner.fail('a change (such as Ala, del, dup, fs, extTer, =)');
  return { kind: 'substitution', alt: alt === '?' ? '?' : inThreeLetters(alt) };
}

function inThreeLetters(sequence: string): string {
  if (new RegExp(`^(?:${THREE}|Ter)+$`).test(sequence)) return sequence;
  return [...sequence].map((letter) => RESIDUES[letter] ?? STOP).join('');
}
