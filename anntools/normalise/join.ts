/**
 * Records at one position as one record with all their ALTs: the longest REF, ALTs lengthened to match it, values that
 * the header counts by allele or genotype put where their alleles went, genotypes laid over each other. What is not
 * counted so is the first record's.
 */
import { InputError } from '../errors.ts';
import type { VcfLine } from './line.ts';
import { genotypeIndex, type KeyNumbers } from './numbers.ts';

/** Joins two records or more. `passIfAny`: PASS if one of them passed. */
export function joinRecords(lines: readonly [VcfLine, ...VcfLine[]], numbers: KeyNumbers, passIfAny: boolean): VcfLine {
  const [first] = lines;
  const { alleles, places } = joinAlleles(lines.map((line) => line.alleles));
  const merged = new Merger(alleles.length, places);
  return {
    ...first,
    alleles,
    id: joinedIds(lines),
    quality: bestQuality(lines),
    filter: joinedFilter(lines, passIfAny),
    info: first.info.map(([key, value]) => {
      const number = numbers.info.get(key)?.number ?? '.';
      if (value === undefined || !isCounted(number)) return [key, value];
      const values = lines.map((line) => line.info.find(([name]) => name === key)?.[1]);
      return [key, merged.values(values, number)];
    }),
    samples: first.samples.map((sample, s) =>
      first.format.map((key, f) => {
        const values = lines.map((line) => line.samples[s]?.[line.format.indexOf(key)]);
        if (key === 'GT') return merged.genotype(values);
        const number = numbers.format.get(key)?.number ?? '.';
        return isCounted(number) ? merged.values(values, number) : (sample[f] ?? '.');
      }),
    ),
  };
}

function isCounted(number: string): boolean {
  return number === 'A' || number === 'R' || number === 'G';
}

/** The alleles of all, and for each record where its own went. */
function joinAlleles(records: readonly (readonly string[])[]): { alleles: string[]; places: number[][] } {
  const longest = records.map(([ref = '']) => ref).reduce((a, b) => (b.length > a.length ? b : a));
  const alleles = [longest];
  const places = records.map(([ref = '', ...alts]) => {
    if (!longest.toUpperCase().startsWith(ref.toUpperCase())) {
      throw new InputError('BAD_LINE', `has REF '${ref}' where another record at its position has '${longest}'`);
    }
    const rest = longest.slice(ref.length);
    return [
      0,
      ...alts.map((alt) => {
        const lengthened = /^[A-Za-z]+$/.test(alt) ? alt + rest : alt;
        const known = alleles.findIndex((allele, i) => i > 0 && allele.toUpperCase() === lengthened.toUpperCase());
        return known > 0 ? known : alleles.push(lengthened) - 1;
      }),
    ];
  });
  return { alleles, places };
}

function joinedIds(lines: readonly VcfLine[]): string {
  const ids = new Set(lines.flatMap(({ id }) => (id === '.' ? [] : id.split(';'))));
  return ids.size === 0 ? '.' : [...ids].join(';');
}

function bestQuality(lines: readonly VcfLine[]): string {
  return lines
    .map(({ quality }) => quality)
    .reduce((a, b) => (a === '.' || (b !== '.' && Number(b) > Number(a)) ? b : a));
}

/** The reasons of all. */
function joinedFilter(lines: readonly VcfLine[], passIfAny: boolean): string {
  const filters = lines.map(({ filter }) => filter);
  if (passIfAny && filters.includes('PASS')) return 'PASS';
  const reasons = new Set(
    filters.flatMap((filter) => filter.split(';')).filter((word) => word !== 'PASS' && word !== '.'),
  );
  return reasons.size > 0 ? [...reasons].join(';') : filters.includes('PASS') ? 'PASS' : '.';
}

class Merger {
  readonly #alleles: number;
  readonly #places: readonly (readonly number[])[];

  constructor(alleles: number, places: readonly (readonly number[])[]) {
    this.#alleles = alleles;
    this.#places = places;
  }

  /** The values of all records; missing ones stay missing. */
  values(records: readonly (string | undefined)[], number: string): string {
    if (number === 'G' && records.every((text) => text === undefined || text === '.')) return '.';
    const haploid = number === 'G' && records.every((values, i) => this.#isHaploid(values, i));
    const merged: string[] = Array.from({ length: this.#count(number, haploid) }, () => '.');
    for (const [i, text] of records.entries()) {
      if (text === undefined || text === '.') continue;
      const values = text.split(',');
      const places = this.#placesOf(number, i, number === 'G' && this.#isHaploid(text, i), haploid);
      for (const [k, place] of places.entries()) if (values[k] !== undefined) merged[place] = values[k];
    }
    return merged.join(',');
  }

  /** Whether Number=G values are one per allele; records that tell nothing may be either. */
  #isHaploid(values: string | undefined, record: number): boolean {
    return values === undefined || values === '.' || values.split(',').length === this.#places[record]?.length;
  }

  #count(number: string, haploid: boolean): number {
    if (number === 'A') return this.#alleles - 1;
    if (number === 'R' || haploid) return this.#alleles;
    return (this.#alleles * (this.#alleles + 1)) / 2;
  }

  /** Where the values of a record go. */
  #placesOf(number: string, record: number, haploid: boolean, allHaploid: boolean): number[] {
    const places = this.#places[record] ?? [];
    if (number === 'A') return places.slice(1).map((place) => place - 1);
    if (number === 'R' || (haploid && allHaploid)) return [...places];
    if (haploid) return places.map((place) => genotypeIndex(place, place));
    return places.flatMap((high, i) => places.slice(0, i + 1).map((low) => genotypeIndex(low, high)));
  }

  /**
   * Genotypes laid over each other: an ALT of a later record takes the place it has there if that is still REF or
   * missing, else the first place that is. Where one record tells nothing, the other's ploidy is taken.
   */
  genotype(records: readonly (string | undefined)[]): string {
    const told = records.map((genotype, i) => ({ calls: callsOf(genotype ?? '.'), places: this.#places[i] ?? [] }));
    const known = told.filter(({ calls }) => calls.alleles.some((allele) => allele !== '.'));
    const [base, ...others] = known.length === 0 ? told.slice(0, 1) : known;
    if (base === undefined) return '.';
    const numbered = ({ calls, places }: (typeof told)[number]) =>
      calls.alleles.map((allele) => (allele === '.' ? '.' : `${places[Number(allele)] ?? '.'}`));
    const merged = numbered(base);
    for (const other of others) {
      if (other.calls.alleles.length !== merged.length) {
        throw new InputError('BAD_LINE', 'has a genotype of another ploidy than a record at its position');
      }
      for (const [i, allele] of numbered(other).entries()) {
        if (allele === '.' || allele === '0') continue;
        const isFree = (at: number) => merged[at] === '.' || merged[at] === '0';
        const at = isFree(i) ? i : merged.findIndex((_, place) => isFree(place));
        if (at >= 0) merged[at] = allele;
      }
    }
    return merged.map((allele, i) => (i === 0 ? allele : `${base.calls.separators[i - 1] ?? '/'}${allele}`)).join('');
  }
}

function callsOf(genotype: string): { alleles: string[]; separators: string[] } {
  return { alleles: genotype.split(/[/|]/), separators: genotype.match(/[/|]/g) ?? [] };
}
