/**
 * Reads HGVS descriptions: `c.`, `g.`, `m.`, `n.` and `r.` here, `p.` in `parse-protein.ts`. It takes the grammar of
 * biocommons/hgvs, whose tables of valid and invalid descriptions it passes (`tests/anntools/hgvs/parse.test.ts`), and
 * contig names where accessions stand.
 */
import { parseProtein } from './parse-protein.ts';
import { Scanner } from './scanner.ts';
import type { HgvsEnd, HgvsInterval, HgvsPosition, HgvsVariant, NucleotideEdit, NucleotideKind } from './variant.ts';

/** An accession with or without version, or a contig such as `7`, `X` or `II`. */
const ACCESSION = /(?:[A-Za-z](?:[_-]?[A-Za-z0-9])+|\d{1,2}|[A-Z])(?:\.\d[A-Za-z0-9]*)*/y;
const GENE = /\(([A-Za-z](?:[-_]?[A-Za-z0-9])*)\)/y;
const KIND = /:([cgmnpr])\./y;

/** @throws InputError that says what is wrong, and where. */
export function parseHgvs(text: string): HgvsVariant {
  const scanner = new Scanner(text);
  const accession = scanner.take(ACCESSION)?.[0] ?? scanner.fail('an accession or a contig');
  const gene = scanner.take(GENE)?.[1] ?? '';
  const kind = scanner.take(KIND)?.[1] ?? scanner.fail("':' and one of c. g. m. n. p. r.");
  if (kind === 'p') return { accession, gene, kind, ...parseProtein(scanner) };
  const nucleotide = kind as NucleotideKind;
  const predicted = nucleotide === 'r' && isWrapped(scanner) && scanner.has('(');
  const interval = parseInterval(scanner, nucleotide);
  const editPredicted = scanner.has('(');
  const isPlace = scanner.isAtEnd && !editPredicted;
  const edit = isPlace ? undefined : parseEdit(scanner, nucleotide);
  if ((predicted || editPredicted) && !scanner.has(')')) scanner.fail("')'");
  if (!scanner.isAtEnd) scanner.fail('the end');
  return { accession, gene, kind: nucleotide, interval, predicted, editPredicted, ...(edit && { edit }) };
}

/** Whether the rest is one pair of parentheses with a change in it, not only an interval. */
function isWrapped({ text, at }: Scanner): boolean {
  return text[at] === '(' && text.endsWith(')') && !/^\([\d?*+_-]+\)/.test(text.slice(at));
}

/** `?`, `12`, `-12`, `*12`, each maybe with `+3` or `-3`, as far as the kind of sequence has them. */
const POSITIONS: Record<NucleotideKind, RegExp> = {
  c: /(\?)|([*-]?)(\d+)([+-]\d+)?/y,
  r: /(\?)|([*-]?)(\d+)([+-]\d+)?/y,
  n: /(\?)|(-?)(\d+)([+-]\d+)?/y,
  g: /(\?)|()(\d+)/y,
  m: /(\?)|()(\d+)/y,
};

function parsePosition(scanner: Scanner, kind: NucleotideKind): HgvsPosition {
  const [, unknown, sign, digits, offset] = scanner.take(POSITIONS[kind]) ?? scanner.fail('a position');
  if (unknown !== undefined) return UNKNOWN;
  const base = Number(digits);
  return { base: sign === '-' ? -base : base, behindStop: sign === '*', offset: Number(offset ?? 0) };
}

const UNKNOWN: HgvsPosition = { base: null, behindStop: false, offset: 0 };

/** `4`, `(4_6)`; `4-?` and `4+?`, which were written for `(?_4)` and `(4_?)` until 2015. */
function parseEnd(scanner: Scanner, kind: NucleotideKind): HgvsEnd {
  if (!scanner.has('(')) {
    const position = parsePosition(scanner, kind);
    if (scanner.has('-?')) return [UNKNOWN, position];
    return scanner.has('+?') ? [position, UNKNOWN] : [position];
  }
  const from = parsePosition(scanner, kind);
  if (!scanner.has('_')) scanner.fail("'_'");
  const to = parsePosition(scanner, kind);
  if (!scanner.has(')')) scanner.fail("')'");
  return [from, to];
}

/** `4`, `4_6`, `(4_6)`, `(1_4)_(6_?)`. */
function parseInterval(scanner: Scanner, kind: NucleotideKind): HgvsInterval {
  const start = parseEnd(scanner, kind);
  if (scanner.has('_')) return { start, end: parseEnd(scanner, kind), uncertain: false };
  const [from, to] = start;
  return to === undefined ? { start, uncertain: false } : { start: [from], end: [to], uncertain: true };
}

const DNA = {
  identity: /([ACGTRYMKWSBDHVN]*)=/iy,
  substitution: /([ACGTRYMKWSBDHVN])>([ACGTRYMKWSBDHVN])/iy,
  delins: /del(\d+|[ACGTRYMKWSBDHVN]*)ins([ACGTRYMKWSBDHVN]+)/iy,
  del: /del(\d+|[ACGTRYMKWSBDHVN]*)/iy,
  dup: /dup(\d+|[ACGTRYMKWSBDHVN]*)/iy,
  ins: /ins([ACGTRYMKWSBDHVN]+)/iy,
  repeat: /([ACGTRYMKWSBDHVN]*)\[(\d+)\]/iy,
};
const RNA = {
  identity: /([ACGURYMKWSBDHVN]*)=/iy,
  substitution: /([ACGURYMKWSBDHVN])>([ACGURYMKWSBDHVN])/iy,
  delins: /del(\d+|[ACGURYMKWSBDHVN]*)ins([ACGURYMKWSBDHVN]+)/iy,
  del: /del(\d+|[ACGURYMKWSBDHVN]*)/iy,
  dup: /dup(\d+|[ACGURYMKWSBDHVN]*)/iy,
  ins: /ins([ACGURYMKWSBDHVN]+)/iy,
  repeat: /([ACGURYMKWSBDHVN]*)\[(\d+)\]/iy,
};
const CONVERSION = /con([A-Za-z](?:[_-]?[A-Za-z0-9])+(?:\.\d+)?:[cgmnr]\.[\d_*+-]+)/y;
const COPY = /copy(\d+)/y;

function parseEdit(scanner: Scanner, kind: NucleotideKind): NucleotideEdit {
  const letters = kind === 'r' ? RNA : DNA;
  let found = scanner.take(letters.identity);
  if (found) return { kind: 'identity', ref: found[1] };
  found = scanner.take(letters.substitution);
  if (found) return { kind: 'substitution', ref: found[1], alt: found[2] };
  found = scanner.take(letters.delins);
  if (found) {
    const [, ref, alt] = found;
    // One letter for one letter is a substitution.
    const isOne = /^[A-Z]$/i.test(ref) && alt.length === 1;
    return { kind: isOne ? 'substitution' : 'delins', ref, alt };
  }
  found = scanner.take(letters.del);
  if (found) return { kind: 'del', ref: found[1] };
  found = scanner.take(letters.dup);
  if (found) return { kind: 'dup', ref: found[1] };
  found = scanner.take(letters.ins);
  if (found) return { kind: 'ins', alt: found[1] };
  if (scanner.has('inv')) return { kind: 'inv', ref: '' };
  const units: { unit: string; count: number }[] = [];
  while ((found = scanner.take(letters.repeat))) units.push({ unit: found[1], count: Number(found[2]) });
  if (units.length > 0) return { kind: 'repeat', units };
  found = scanner.take(CONVERSION);
  if (found) return { kind: 'con', from: found[1] };
  found = scanner.take(COPY);
  if (found) return { kind: 'copy', count: Number(found[1]) };
  return scanner.fail('a change (such as A>G, del, dup, insA, delinsA, inv, =)');
}
