/**
 * Known structural variants as regions: BED, DGV's tables (from the project or from UCSC), or any table whose first line
 * names its columns, one of which says what kind of variant a line is. Which column is which is told by names where there
 * are some, else by what stands in the first line. Places are zero-based and half-open, as in BED.
 */
import { StructuralEffect } from '../consequence/structural-alleles.ts';
import { InputError } from '../errors.ts';
import { fieldId } from '../lookup/field-choice.ts';
import { type KnownField, infoText } from '../lookup/known-format.ts';
import { ucscTable } from '../tracks/ucsc-tables.ts';
import { StructuralWriter } from './structural-writer.ts';

const NAMES = {
  contig: /^#?(chrom|chr|chromosome|contig)$/i,
  start: /^(chromStart|start|pos|begin)$/i,
  end: /^(chromEnd|end|stop)$/i,
  length: /^(sv)?len(gth)?$/i,
};
/** The column that tells the type, the best first: DGV has the family in one column and the kind in the next. */
const TYPE_NAMES: readonly RegExp[] = [/^variantsubtype$/i, /^(sv_?type|var_?type|varianttype|type|class)$/i];
/** Columns that are kept when none are named. */
const USUAL: readonly (readonly [name: string, column: RegExp])[] = [
  ['ID', /^(name|id|sv_?id|variantaccession|variant_?id)$/i],
  ['AF', /^(af|frequency)$/i],
  ['POPMAX_AF', /^popmax_?af$/i],
  ['SAMPLES', /^samplesize$/i],
  ['GAINS', /^observedgains$/i],
  ['LOSSES', /^observedlosses$/i],
];

const { LOSS, GAIN, COPY_NUMBER, INSERTION, INVERSION, OTHER } = StructuralEffect;

/** What the words of such tables mean; the first that fits. Breakends need a mate, which a region has not. */
const KINDS: readonly (readonly [word: RegExp, effect: number])[] = [
  [
    /gain\W*(and|&|\+|\/)?\W*loss|loss\W*(and|&|\+|\/)?\W*gain|^m?cnv$|copy.?number.?(variation|variant|polymorphism)/i,
    COPY_NUMBER,
  ],
  [/del|loss|^cn=?0$/i, LOSS],
  [/dup|gain|amplif/i, GAIN],
  [/ins|mobile|^(alu|line1|sva|herv)$/i, INSERTION],
  [/inv/i, INVERSION],
  [/complex|^cpx$|^other$/i, OTHER],
];

function effectOf(word: string): number | undefined {
  return KINDS.find(([pattern]) => pattern.test(word))?.[1];
}

interface Columns {
  contig: number;
  start: number;
  end: number;
  /** -1 where nothing tells. */
  type: number;
  length: number;
  kept: readonly number[];
}

export class RegionTable {
  readonly #source: string;
  readonly #wanted: readonly string[];
  #heading: readonly string[] = [];
  #columns: Columns | undefined;
  #writer: StructuralWriter | undefined;
  #fields: KnownField[] = [];
  #records = 0;
  #leftOut = 0;

  /** @param wanted columns to keep by name, or by number from one; none: names and frequencies */
  constructor(source: string, wanted: readonly string[]) {
    this.#source = source;
    this.#wanted = wanted;
  }

  /** What was read. @throws InputError when nothing was. */
  taken(): { writer: StructuralWriter; fields: KnownField[]; records: number; leftOut: number } {
    if (!this.#writer) throw new InputError('EMPTY', 'there is no region in it');
    return { writer: this.#writer, fields: this.#fields, records: this.#records, leftOut: this.#leftOut };
  }

  /** Takes a line. @throws InputError when the first one is of no layout. */
  line(text: string): void {
    if (text.trim() === '' || /^(track|browser)\s/.test(text) || text.startsWith('##')) return;
    const cells = text.split(text.includes('\t') ? '\t' : /\s+/);
    if (!this.#columns && (text.startsWith('#') || cells.every((cell) => !isWhole(cell)))) {
      this.#heading = cells.map((cell) => cell.replace(/^#/, '').trim());
      return;
    }
    if (text.startsWith('#')) return;
    this.#columns ??= this.#layout(cells);
    this.#records++;
    if (!this.#add(cells, this.#columns)) this.#leftOut++;
  }

  #layout(cells: readonly string[]): Columns {
    const heading = this.#heading.length > 0 ? this.#heading : (ucscTable(cells)?.columns ?? []);
    const named = (pattern: RegExp) => heading.findIndex((name) => pattern.test(name));
    const contig = Math.max(0, named(NAMES.contig));
    const start = orElse(named(NAMES.start), contig + 1);
    const end = orElse(named(NAMES.end), start + 1);
    if (!isWhole(cells[start]) || !isWhole(cells[end])) {
      const shown = cells.join(' ').slice(0, 60);
      throw new InputError('BAD_LINE', `is neither BED nor a table with chromosome, start and end: "${shown}"`);
    }
    const byName = TYPE_NAMES.map(named).find((column) => column >= 0);
    const byWord = cells.findIndex((cell, i) => i > end && effectOf(cell) !== undefined);
    const kept = this.#keep(heading, cells, end);
    this.#writer = new StructuralWriter(kept.length);
    return { contig, start, end, type: byName ?? byWord, length: named(NAMES.length), kept };
  }

  /** The columns to keep, and the fields they become. */
  #keep(heading: readonly string[], cells: readonly string[], end: number): number[] {
    const found: (readonly [name: string, column: number])[] = [];
    for (const name of this.#wanted) {
      const column = /^\d+$/.test(name) ? Number(name) - 1 : heading.indexOf(name);
      if (column < 0 || column >= cells.length) {
        throw new InputError(
          'BAD_OPTION',
          `there is no column ${name}. It has ${heading.join(', ') || `${cells.length} columns without names`}`,
        );
      }
      found.push([heading[column] ?? `COLUMN${name}`, column]);
    }
    if (this.#wanted.length === 0) {
      for (const [name, pattern] of USUAL) found.push([name, heading.findIndex((column) => pattern.test(column))]);
      // BED's fourth column is a name.
      if (heading.length === 0 && end + 1 < cells.length) found.push(['ID', end + 1]);
    }
    const kept = found.filter(([, column]) => column >= 0);
    this.#fields = kept.map(([name]) => ({
      id: fieldId(this.#source, name.replace(/\W/g, '_')),
      column: 'word',
      description: `${name.replace(/["\\]/g, '')} in ${this.#source}`,
      type: 'String',
    }));
    return kept.map(([, column]) => column);
  }

  #add(cells: readonly string[], { contig, start, end, type, length, kept }: Columns): boolean {
    const effect = type < 0 ? COPY_NUMBER : effectOf(cells[type] ?? '');
    const from = cells[start];
    const to = cells[end];
    const name = cells[contig];
    if (effect === undefined || name === undefined || name === '' || !isWhole(from) || !isWhole(to)) return false;
    const [first, last] = [Number(from), Number(to)];
    if (last < first || last > 0x7fffffff) return false;
    const isPoint = effect === INSERTION;
    const told = Math.abs(Number(cells[length] ?? Number.NaN));
    this.#writer?.add(
      {
        effect,
        contig: this.#writer.contigId(name),
        start: first,
        end: isPoint ? first : last,
        length: isPoint ? (Number.isSafeInteger(told) ? told : 0) : last - first,
        mateContig: -1,
        mateBase: -1,
      },
      kept.map((column) => valueOf(cells[column])),
    );
    return true;
  }
}

function valueOf(cell: string | undefined): string {
  return cell === undefined || cell === '.' || cell === 'NA' ? '' : infoText(cell);
}

function orElse(column: number, otherwise: number): number {
  return column < 0 ? otherwise : column;
}

function isWhole(cell: string | undefined): cell is string {
  return cell !== undefined && /^\d+$/.test(cell);
}
