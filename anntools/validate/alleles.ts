/** REF and ALT (section 1.6.1; breakends 5.4), and whether a variant was there already, however it was written. */
import type { Dialect } from './dialect.ts';
import type { Reporter } from './problem.ts';
import { Column, type Line } from './record.ts';

const COMMA = 44;
const DOT = 46;

/** A, C, G, T, N in either case by their place in the alphabet of duplicates; 0 for other bytes. */
const BASE = new Uint8Array(256);
[...'ACGTN'].forEach((letter, i) => {
  BASE[letter.charCodeAt(0)] = i + 1;
  BASE[letter.toLowerCase().charCodeAt(0)] = i + 1;
});

const SYMBOLIC = /^<[^\s,<>]+>$/;
const PIECE = '[ACGTN]+';
/** The place of the mate: contig, or contig of the assembly file in angle brackets, and position. */
const PLACE = String.raw`(?:<[^\s<>]+>|[^\s[\]<>]+):\d+`;
/** A piece before or behind and the mate's place in brackets that open to the same side; or a single breakend. */
const BREAKEND = new RegExp(
  String.raw`^(?:${PIECE}\[${PLACE}\[|${PIECE}\]${PLACE}\]|\[${PLACE}\[${PIECE}|\]${PLACE}\]${PIECE}|\.${PIECE}|${PIECE}\.)$`,
  'i',
);

/** Variants remembered at most where very many overlap. */
const VARIANTS_MAX = 1 << 16;

export class AlleleChecks {
  /** Variants at or after the record's position, by what they change. */
  private readonly variants = new Set<number | string>();
  /** Largest position among them. */
  private reach = -1;
  private position = -1;
  private readonly saidSymbols = new Set<string>();

  constructor(
    private readonly dialect: Dialect,
    private readonly declared: ReadonlySet<string>,
    private readonly reporter: Reporter,
  ) {}

  /** Another contig begins. */
  enter(): void {
    this.variants.clear();
    this.reach = -1;
  }

  check(line: Line): void {
    const { bytes } = line;
    const [refStart, refEnd] = [line.startOf(Column.REF), line.ends[Column.REF]];
    const [altStart, altEnd] = [line.startOf(Column.ALT), line.ends[Column.ALT]];
    if (line.symbols.length > 0) line.symbols = [];
    this.forgetBefore(line.position);
    const ref = areBases(bytes, refStart, refEnd);
    if (!ref) {
      this.reporter.error('REF', 'fixed', `is '${line.shown(refStart, refEnd)}'; it must be bases A, C, G, T, N`);
    }
    line.alts = 0;
    if (altEnd - altStart === 1 && bytes[altStart] === DOT) return;
    for (let from = altStart; from <= altEnd;) {
      let to = from;
      while (to < altEnd && bytes[to] !== COMMA) to++;
      line.alts++;
      if (!areBases(bytes, from, to)) this.other(line, from, to);
      else if (ref && line.position >= 0) this.variant(line, refStart, refEnd, from, to);
      from = to + 1;
    }
  }

  /** An ALT that is not bases. */
  private other(line: Line, start: number, end: number): void {
    const { reporter } = this;
    const alt = line.slice(start, end);
    if (alt === '*') {
      if (this.dialect.version < 4.2) reporter.warning('ALT', 'fixed', 'is *, which is an allele since 4.2');
    } else if (SYMBOLIC.test(alt)) {
      const id = alt.slice(1, -1);
      line.symbols[line.alts - 1] = id;
      if (!this.declared.has(id) && !this.saidSymbols.has(id) && this.saidSymbols.size < VARIANTS_MAX) {
        this.saidSymbols.add(id);
        reporter.warning('ALT', 'alt', `has ${line.shown(start, end)}, which no ##ALT line describes`);
      }
    } else if (alt === '') {
      reporter.error('ALT', 'fixed', 'has an allele without a base; without alternative alleles it is .');
    } else if (!BREAKEND.test(alt)) {
      reporter.error(
        'ALT',
        /[[\]]/.test(alt) ? 'breakends' : 'fixed',
        `has '${line.shown(start, end)}'; an allele is bases A, C, G, T, N, or *, <ID> or a breakend`,
      );
    }
  }

  /** Notes a variant by what it changes, trimmed; the same one again is a duplicate. */
  private variant(line: Line, refStart: number, refEnd: number, altStart: number, altEnd: number): void {
    const { bytes } = line;
    let { position } = line;
    const [writtenStart, writtenEnd] = [altStart, altEnd];
    while (refEnd > refStart && altEnd > altStart && BASE[bytes[refEnd - 1]] === BASE[bytes[altEnd - 1]]) {
      refEnd--;
      altEnd--;
    }
    while (refStart < refEnd && altStart < altEnd && BASE[bytes[refStart]] === BASE[bytes[altStart]]) {
      refStart++;
      altStart++;
      position++;
    }
    if (refStart === refEnd && altStart === altEnd) {
      return this.reporter.error('ALT', 'fixed', `has '${line.shown(writtenStart, writtenEnd)}', which is REF`);
    }
    const snv = refEnd - refStart === 1 && altEnd - altStart === 1;
    const key = snv
      ? position * 64 + BASE[bytes[refStart]] * 8 + BASE[bytes[altStart]]
      : `${position} ${line.slice(refStart, refEnd)}>${line.slice(altStart, altEnd)}`.toUpperCase();
    if (this.variants.has(key)) {
      const change = `${line.shown(refStart, refEnd) || '-'}>${line.shown(altStart, altEnd) || '-'}`;
      this.reporter.error('ALT', 'fixed', `gives the variant ${position}:${change} again`);
    } else if (this.variants.size < VARIANTS_MAX) this.variants.add(key);
    if (position > this.reach) this.reach = position;
  }

  /** A trimmed variant never lies before its record, so those before this record cannot come again. */
  private forgetBefore(position: number): void {
    if (position !== this.position && (position > this.reach || position < this.position)) this.enter();
    else if (position !== this.position && this.variants.size > 1024) this.prune(position);
    this.position = position;
  }

  private prune(position: number): void {
    for (const key of this.variants) {
      if ((typeof key === 'number' ? Math.floor(key / 64) : Number.parseInt(key, 10)) < position)
        this.variants.delete(key);
    }
  }
}

/** Whether bytes[start, end) is at least one base. */
function areBases(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (BASE[bytes[i]] === 0) return false;
  return end > start;
}
