/**
 * Normalises a VCF record by record: REF checked, alleles left-aligned, multi-allelic records split or records of one
 * position joined, duplicates left out. Aligning moves records to the left, so they wait in a window until none can
 * come before them any more. The rules are those of `bcftools norm`, whose tests this passes
 * (`tests/anntools/normalise/bcftools.test.ts`); letters of the reference are written in upper case.
 */
import type { Reference } from '../bundle/reference.ts';
import { InputError } from '../errors.ts';
import type { BaseAt } from './align.ts';
import { Duplicates, type DuplicateRule } from './duplicates.ts';
import { joinRecords } from './join.ts';
import { isAmong, kindsOf, type Kind, type Which } from './kinds.ts';
import { formatLine, parseLine, type VcfLine } from './line.ts';
import { keyNumbers, type KeyNumbers } from './numbers.ts';
import { realign } from './realign.ts';
import { dropRepeated, setReference } from './set-reference.ts';
import { splitRecord, type SplitOptions } from './split.ts';

export interface NormaliseOptions {
  /** Checks REF and aligns; without it alleles stay as they are written. */
  reference?: Reference;
  /** Only checks (and sets) REF. */
  align?: boolean;
  /** What happens to a record whose REF is not the reference's: refuse the file, keep it, leave it out, correct it. */
  mismatch?: 'refuse' | 'keep' | 'drop' | 'set';
  split?: Which;
  splitting?: Partial<SplitOptions>;
  join?: Which;
  /** A joined record passes if one of them passed; else it has the reasons of all that did not. */
  passIfAny?: boolean;
  duplicates?: DuplicateRule;
  /** INFO key that tells what a changed record was. */
  originalTag?: string;
  /** Order of records at one position: as they came, or by their alleles. */
  order?: 'input' | 'alleles';
  /** Records that are left as they are. */
  except?: (line: VcfLine) => boolean;
}

/** How far aligning may move a record to the left without the output losing its order, in bases. */
const WINDOW = 1000;

interface Waiting {
  line: VcfLine;
  untouched: boolean;
}

export class Normaliser {
  readonly #options: NormaliseOptions;
  readonly #numbers: KeyNumbers;
  readonly #write: (line: string) => void;
  readonly #incoming: Duplicates | null;
  readonly #outgoing: Duplicates | null;
  #waiting: Waiting[] = [];
  #lineNumber: number;

  /** `headerLines` without line ends; `write` takes the records, without line ends. */
  constructor(headerLines: readonly string[], options: NormaliseOptions, write: (line: string) => void) {
    this.#options = options;
    this.#numbers = keyNumbers(headerLines);
    this.#write = write;
    this.#incoming = options.duplicates === undefined ? null : new Duplicates(options.duplicates);
    this.#outgoing = options.duplicates === undefined ? null : new Duplicates(options.duplicates);
    this.#lineNumber = headerLines.length;
  }

  /** Takes the next data line. @throws InputError when it cannot be read, or is refused. */
  push(text: string): void {
    this.#lineNumber++;
    const line = parseLine(text, this.#lineNumber);
    const untouched = this.#options.except?.(line) ?? false;
    if (!untouched && this.#incoming?.repeats(line) === true) return;
    if (this.#waiting.length > 0 && this.#waiting[0]?.line.contig !== line.contig) this.end();
    if (untouched) this.#queue(line, true);
    else for (const part of this.#parts(line)) this.#normalise(part);
    const last = this.#waiting[this.#waiting.length - 1]?.line.position ?? 0;
    const ready = this.#waiting.findIndex((waiting) => waiting.line.position > last - WINDOW);
    if (ready > 0) this.#flush(ready);
  }

  /** Writes what still waits. */
  end(): void {
    this.#flush(this.#waiting.length);
  }

  #parts(line: VcfLine): VcfLine[] {
    const { split, splitting } = this.#options;
    if (split === undefined || line.alleles.length < 3 || !isAmong(kindsOf(line.alleles), split)) return [line];
    const options = { otherAlleles: '0', keepSum: [], lenient: false, ...splitting } as const;
    const parts = splitRecord(line, this.#numbers, options, this.#lineNumber);
    for (const [i, part] of parts.entries()) this.#tell(part, `${original(line)}|${i + 1}`);
    return parts;
  }

  #normalise(line: VcfLine): void {
    const { reference, align, mismatch = 'refuse' } = this.#options;
    if (reference === undefined) {
      this.#queue(line, false);
      return;
    }
    const before = original(line);
    const baseAt = this.#basesOf(reference, line.contig);
    const isSet = mismatch === 'set' && setReference(line, baseAt);
    if (align !== false) {
      const outcome = realign(line, baseAt);
      if (outcome === 'mismatch') {
        if (mismatch === 'drop') return;
        if (mismatch === 'refuse') this.#refuse(line, 'has a REF or ALT that the reference contradicts');
      }
      if (outcome === 'repeated') {
        if (mismatch === 'refuse') this.#refuse(line, 'has an ALT that is the same as its REF');
        if (mismatch === 'set') dropRepeated(line);
      }
      if (outcome === 'moved' || (isSet && before !== original(line))) this.#tell(line, before);
    }
    this.#queue(line, false);
  }

  #refuse(line: VcfLine, message: string): never {
    throw new InputError('BAD_LINE', `(${line.contig}:${line.position}) ${message}`, { line: this.#lineNumber });
  }

  /** Adds what the record was, unless it says so already. */
  #tell(line: VcfLine, before: string): void {
    const { originalTag } = this.#options;
    if (originalTag === undefined || line.info.some(([key]) => key === originalTag)) return;
    line.info.push([originalTag, before]);
  }

  #basesOf({ contigs, sequence }: Reference, contig: string): BaseAt {
    const id = contigs.idOf(contig);
    if (id < 0 || !sequence.has(id)) {
      throw new InputError('BAD_LINE', `is on contig '${contig}', of which the reference has no sequence`, {
        line: this.#lineNumber,
      });
    }
    return (offset) => String.fromCharCode(sequence.base(id, offset));
  }

  /** Puts a record where it belongs, behind those of the same position. */
  #queue(line: VcfLine, untouched: boolean): void {
    const waiting = this.#waiting;
    let at = waiting.length;
    while (at > 0 && this.#isBefore(line, waiting[at - 1]?.line)) at--;
    waiting.splice(at, 0, { line, untouched });
  }

  #isBefore(a: VcfLine, b: VcfLine | undefined): boolean {
    if (b === undefined || a.position !== b.position) return b !== undefined && a.position < b.position;
    return this.#options.order === 'alleles' && a.alleles.join() < b.alleles.join();
  }

  /** Writes the first `count` waiting records. */
  #flush(count: number): void {
    const ready = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    for (let from = 0; from < ready.length;) {
      let to = from + 1;
      while (to < ready.length && ready[to]?.line.position === ready[from]?.line.position) to++;
      for (const line of this.#joined(ready.slice(from, to))) this.#write(formatLine(line));
      from = to;
    }
  }

  /** The records of one position as they are written. */
  #joined(records: readonly Waiting[]): VcfLine[] {
    const { join } = this.#options;
    if (join === undefined) {
      return records
        .filter(({ line, untouched }) => untouched || this.#outgoing?.repeats(line) !== true)
        .map(({ line }) => line);
    }
    const untouched = records.filter((waiting) => waiting.untouched).map(({ line }) => line);
    const buckets: VcfLine[][] = [[], [], [], [], []];
    for (const { line, untouched: isLeft } of records) if (!isLeft) buckets[bucketOf(line, join)]?.push(line);
    const [substitutions = [], runs = [], indels = [], others = [], mixed = []] = buckets;
    // A record without ALTs goes with indels where there are no substitutions.
    if (indels.length > 0 && substitutions.length === 1 && substitutions[0]?.alleles.length === 1) {
      indels.push(...substitutions.splice(0));
    }
    return [
      ...untouched,
      ...(join === 'indels' ? substitutions : this.#join(substitutions)),
      ...(join === 'indels' ? runs : this.#join(runs)),
      ...(join === 'snps' ? indels : this.#join(indels)),
      ...this.#join(others),
      ...mixed,
    ];
  }

  #join([first, ...more]: VcfLine[]): VcfLine[] {
    if (first === undefined) return [];
    return more.length === 0
      ? [first]
      : [joinRecords([first, ...more], this.#numbers, this.#options.passIfAny ?? false)];
  }
}

/** Substitutions, those of several bases, indels, others; records of several kinds are joined with `any` only. */
function bucketOf({ alleles }: VcfLine, join: Which): number {
  if (join === 'any') return 0;
  const kinds = kindsOf(alleles);
  const isOf = (...some: Kind[]) => [...kinds].every((kind) => some.includes(kind));
  if (isOf('reference', 'snp')) return 0;
  if (isOf('mnp')) return 1;
  if (isOf('indel')) return 2;
  return isOf('other') ? 3 : 4;
}

/** `contig|position|ref|alts`. */
function original({ contig, position, alleles: [ref = '', ...alts] }: VcfLine): string {
  return `${contig}|${position}|${ref}|${alts.join(',')}`;
}
