/**
 * A record with several ALTs as one record per ALT. Values that the header counts by allele or genotype are picked for
 * the ALT; genotypes name it 1, and other ALTs as the caller wants: REF, or missing.
 */
import { InputError } from '../errors.ts';
import type { VcfLine } from './line.ts';
import { genotypeIndex, type KeyNumber, type KeyNumbers } from './numbers.ts';

export interface SplitOptions {
  /** What genotypes say of the other ALTs: that the allele is REF (`0`), or nothing (`.`). */
  otherAlleles: '0' | '.';
  /** Number=R keys whose REF value takes the other ALTs' values in, so that the sum stays. */
  keepSum: readonly string[];
  /** Leaves out values whose count is wrong, where otherwise the record is refused. */
  lenient: boolean;
}

/** @throws InputError when a key has another number of values than the header says. */
export function splitRecord(line: VcfLine, numbers: KeyNumbers, options: SplitOptions, lineNumber: number): VcfLine[] {
  const [ref = '', ...alts] = line.alleles;
  return alts.map((alt, i) => {
    const picker = new Picker(alts.length, i + 1, options, lineNumber);
    const info = line.info.flatMap(([key, value]): VcfLine['info'] => {
      const picked = value === undefined ? undefined : picker.info(key, value, numbers.info.get(key));
      return picked === null ? [] : [[key, picked]];
    });
    const columns = line.format.map((key, at) => {
      const values = line.samples.map((sample) => sample[at] ?? '.');
      return { key, values: picker.format(key, values, numbers.format.get(key)) };
    });
    const kept = columns.filter(({ values }) => values !== null);
    return {
      ...line,
      alleles: [ref, alt],
      info,
      format: kept.map(({ key }) => key),
      samples: line.samples.map((_, sample) => kept.map(({ values }) => values?.[sample] ?? '.')),
    };
  });
}

/** Picks the values of one ALT; `null` leaves the key out. */
class Picker {
  readonly #alts: number;
  readonly #alt: number;
  readonly #options: SplitOptions;
  readonly #line: number;

  constructor(alts: number, alt: number, options: SplitOptions, line: number) {
    this.#alts = alts;
    this.#alt = alt;
    this.#options = options;
    this.#line = line;
  }

  info(key: string, value: string, number: KeyNumber | undefined): string | null {
    const wanted = this.#wanted(number?.number ?? '.', false);
    if (wanted === null || number === undefined) return value;
    const values = value.split(',');
    if (values.length === this.#count(number.number, false)) return this.#pick(key, values, wanted);
    if (isText(number))
      return values[wanted[wanted.length - 1] ?? 0] === undefined ? '.' : this.#pick(key, values, wanted);
    return this.#refuse('INFO', key, this.#count(number.number, false), values.length);
  }

  format(key: string, samples: readonly string[], number: KeyNumber | undefined): string[] | null {
    if (key === 'GT') return samples.map((genotype) => this.#genotype(genotype));
    if (number === undefined || this.#wanted(number.number, false) === null) return [...samples];
    const split = samples.map((sample) => sample.split(','));
    const isMissing = (values: readonly string[]) => values.length === 1 && values[0] === '.';
    if (split.every(isMissing)) return [...samples];
    const told: string[] = [];
    for (const values of split) {
      const haploid = number.number === 'G' && values.length === this.#alts + 1;
      const wanted = this.#wanted(number.number, haploid) ?? [];
      if (isMissing(values)) told.push(isText(number) || number.number === 'G' ? '.' : wanted.map(() => '.').join(','));
      else if (values.length === this.#count(number.number, haploid)) told.push(this.#pick(key, values, wanted));
      else if (isText(number) && number.number !== 'G') told.push('.');
      else return this.#refuse('FORMAT', key, this.#count(number.number, false), values.length);
    }
    return told;
  }

  /** Which values are this ALT's; `null` where they are not counted by allele. */
  #wanted(number: string, haploid: boolean): number[] | null {
    const alt = this.#alt;
    if (number === 'A') return [alt - 1];
    if (number === 'R' || (number === 'G' && haploid)) return [0, alt];
    if (number === 'G') return [0, genotypeIndex(0, alt), genotypeIndex(alt, alt)];
    return null;
  }

  #count(number: string, haploid: boolean): number {
    if (number === 'A') return this.#alts;
    if (number === 'R' || haploid) return this.#alts + 1;
    return ((this.#alts + 1) * (this.#alts + 2)) / 2;
  }

  #pick(key: string, values: readonly string[], wanted: readonly number[]): string {
    const picked = wanted.map((i) => values[i] ?? '.');
    if (wanted.length === 2 && this.#options.keepSum.includes(key)) {
      const others = values.filter((value, i) => i !== this.#alt && /^-?[\d.]*\d/.test(value));
      picked[0] = `${others.reduce((sum, value) => sum + Number(value), 0)}`;
    }
    return picked.join(',');
  }

  #genotype(genotype: string): string {
    return genotype.replace(/\d+/g, (allele) => {
      if (allele === '0') return '0';
      return Number(allele) === this.#alt ? '1' : this.#options.otherAlleles;
    });
  }

  #refuse(column: string, key: string, expected: number, found: number): null {
    if (this.#options.lenient) return null;
    const message = `has ${found} values of ${column}/${key}, where ${this.#alts} ALTs make ${expected}`;
    throw new InputError('BAD_LINE', message, { line: this.#line, field: column });
  }
}

function isText({ type }: KeyNumber): boolean {
  return type !== 'Integer' && type !== 'Float';
}
