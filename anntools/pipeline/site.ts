/**
 * The record that is being annotated, with its alleles and the stretch it covers: what every kind of annotation is
 * given. Reused from record to record.
 */
import { offsetOf } from '../genome/position.ts';
import { AlleleClass, AltAlleles } from '../vcf/alleles.ts';
import { infoKey, infoValue, infoValueEnd } from '../vcf/info.ts';
import { VcfRecord } from '../vcf/record.ts';
import { decimalAt } from './columns.ts';

const DOT = 46;
const LESS = 60;
const END = infoKey('END');

export class Site {
  readonly record = new VcfRecord();
  readonly alleles = new AltAlleles();
  /** Start and end, zero-based and half-open; start -1 when the line was no record. */
  start = -1;
  end = 0;

  /** Forgets the last line. */
  clear(): void {
    this.start = -1;
  }

  /** Finds the stretch and the alleles of the record, which has been parsed. */
  read(): void {
    const { record } = this;
    this.start = offsetOf(record.position);
    this.end = Math.max(this.endOf(), this.start + record.ends[3] - record.ends[2] - 1);
    this.alleles.parse(record);
  }

  /** `chr20:60002`, for examples. */
  get place(): string {
    return `${this.record.text(0)}:${this.record.text(1)}`;
  }

  /** Why the alleles cannot be annotated; empty when they can. */
  get problem(): string {
    const { record, alleles } = this;
    if (!alleles.refValid) return `has REF '${record.text(3).slice(0, 40)}', which is not bases`;
    for (let i = 0; i < alleles.count; i++) {
      if (alleles.classes[i] === AlleleClass.INVALID) {
        return `has ALT '${record.text(4).slice(0, 40)}', which is neither bases nor a symbol that VCF knows`;
      }
    }
    return '';
  }

  /** INFO/END, one-based and so the exclusive end, where it is later than POS; 0 otherwise. */
  private endOf(): number {
    const { record } = this;
    const { bytes, ends } = record;
    const infoStart = ends[6] + 1;
    // END matters for symbolic alleles and for blocks of gVCFs.
    if (bytes[ends[3] + 1] !== LESS && bytes[infoStart] !== END[0] && bytes[ends[3] + 1] !== DOT) return 0;
    const at = infoValue(bytes, infoStart, ends[7], END);
    if (at < 0) return 0;
    const end = decimalAt(bytes, at, infoValueEnd(bytes, at, ends[7]));
    return end >= record.position && end <= 0x7fffffff ? end : 0;
  }
}
