/**
 * The bases of the reference that a record's variants change, as one span: from the first changed base of any ALT to
 * the last. Indels by what is left after trimming (an insertion has no bases: it lies before `start`), structural
 * variants from the base after POS to END, or as far as SVLEN says; breakends at POS.
 */
import { RecordAlleles } from '../consequence/alleles.ts';
import { AlleleClass, type AltAlleles, STRUCTURAL_MIN } from '../vcf/alleles.ts';
import type { VcfRecord } from '../vcf/record.ts';

export interface Span {
  /** Zero-based, half-open. */
  start: number;
  end: number;
  /** Symbolic, or so many bases that its coverage is worth telling. */
  isStructural: boolean;
}

export class SpanReader {
  readonly span: Span = { start: 0, end: 0, isStructural: false };
  readonly #structural = new RecordAlleles();

  /** Reads the span of a record; false when it has no variant. Its alleles are given trimmed. */
  read(record: VcfRecord, alleles: AltAlleles): boolean {
    const { span } = this;
    span.start = Infinity;
    span.end = -1;
    span.isStructural = false;
    let isParsed = false;
    for (let i = 0; i < alleles.count; i++) {
      const what = alleles.classes[i];
      if (what >= AlleleClass.OVERLAPPED) continue;
      if (what <= AlleleClass.DELINS) {
        const start = alleles.offsets[i];
        this.#include(start, start + alleles.refEnds[i] - alleles.refStarts[i]);
        continue;
      }
      span.isStructural = true;
      if (what === AlleleClass.BREAKEND) {
        this.#include(record.position - 1, record.position);
        continue;
      }
      if (!isParsed) this.#structural.parse(record, false);
      isParsed = true;
      const { start, end } = this.#structural.all[i];
      this.#include(start, Math.max(start, end));
    }
    if (span.end - span.start >= STRUCTURAL_MIN) span.isStructural = true;
    return span.end >= 0;
  }

  #include(start: number, end: number): void {
    const { span } = this;
    if (start < span.start) span.start = start;
    if (end > span.end) span.end = end;
  }
}
