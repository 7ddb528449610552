/**
 * A VCF as a track: each record is a region with a value out of its columns. Its region is what its alleles change, so
 * that a record overlaps itself: of an insertion the base on each side, of a structural variant its whole span.
 */
import { InputError } from '../errors.ts';
import { AlleleClass, AltAlleles } from '../vcf/alleles.ts';
import { infoKey, infoValue, infoValueEnd } from '../vcf/info.ts';
import { VcfRecord } from '../vcf/record.ts';
import { SpanReader } from './span.ts';

const COLUMNS = ['CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER'];

export class VcfRegions {
  readonly record = new VcfRecord();
  /** Of the last record, zero-based and half-open. */
  start = 0;
  end = 0;
  readonly #alleles = new AltAlleles();
  readonly #spans = new SpanReader();
  readonly #values: readonly (() => string)[];

  /** @param wanted names of columns, or keys of INFO with or without `INFO/` before them */
  constructor(wanted: readonly string[]) {
    this.#values = wanted.map((name) => {
      const column = COLUMNS.indexOf(name);
      if (column >= 0) return () => this.record.text(column);
      const key = infoKey(name.replace(/^INFO\//, ''));
      return () => this.#info(key);
    });
  }

  /** Reads a line. Answers what is wrong with it, or nothing; a record without a variant has no region: end < start. */
  read(bytes: Uint8Array, start: number, end: number, line: number): string {
    const { record } = this;
    try {
      record.parse(bytes, start, end, line);
    } catch (cause) {
      if (cause instanceof InputError) return cause.message;
      throw cause;
    }
    const alleles = this.#alleles;
    alleles.parse(record);
    if (!alleles.refValid) return `has REF '${record.text(3).slice(0, 40)}', which is not bases`;
    for (let i = 0; i < alleles.count; i++) {
      if (alleles.classes[i] === AlleleClass.INVALID) return `has ALT '${record.text(4).slice(0, 40)}'`;
    }
    const hasVariant = this.#spans.read(record, alleles);
    const { span } = this.#spans;
    const isPoint = span.start === span.end;
    this.start = hasVariant ? Math.max(0, isPoint ? span.start - 1 : span.start) : 0;
    this.end = hasVariant ? (isPoint ? span.end + 1 : span.end) : -1;
    return '';
  }

  /** The value of the record: what was wanted, joined by `:`; empty when none of it is there. */
  value(): string {
    const texts = this.#values.map((value) => value());
    return texts.every((text) => text === '' || text === '.') ? '' : texts.join(':');
  }

  #info(key: Uint8Array): string {
    const { bytes, ends } = this.record;
    const at = infoValue(bytes, ends[6] + 1, ends[7], key);
    return at < 0 ? '' : Buffer.prototype.utf8Slice.call(bytes, at, infoValueEnd(bytes, at, ends[7]));
  }
}
