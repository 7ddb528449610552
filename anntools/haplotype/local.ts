/** BCSQ as `bcftools csq --local-csq` gives it: each allele of each record by itself. */
import type { Reference } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { Haplotype } from './consequence.ts';
import { Entries } from './entries.ts';
import { Labels } from './labels.ts';
import { RecordChanges, type BaseAllele } from './record.ts';

const everyAllele = (): boolean => true;

export class LocalConsequences {
  readonly #changes: RecordChanges;
  readonly #labels: Labels;
  readonly #entries = new Entries();

  constructor(reference: Reference) {
    this.#changes = new RecordChanges(reference);
    this.#labels = new Labels(reference);
  }

  /** Appends the value of BCSQ, given the transcripts near the record; false when there is nothing to say. */
  write(record: VcfRecord, transcripts: readonly number[], out: ByteBuffer): boolean {
    const entries = this.#entries;
    entries.clear();
    this.#changes.gather(record, transcripts, entries, everyAllele, (model, allele, placed) => {
      if (placed.kind !== 'step') return;
      const tell = (_: BaseAllele, entry: Parameters<Entries['add']>[0]): void => entries.add(entry);
      new Haplotype(model, [{ ...placed.node, where: allele }], tell).finish();
    });
    entries.write(this.#labels, out);
    return entries.all.length > 0;
  }
}
