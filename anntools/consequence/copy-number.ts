/**
 * Does a `<CNV>` lose or gain copies? The symbol does not tell; SVTYPE, INFO/CN or the samples' CN may. Where they are
 * silent, disagree, or the number can be read both ways, nothing is claimed.
 */
import { chromosomeOf } from '../genome/chromosome.ts';
import type { VcfRecord } from '../vcf/record.ts';

export const CopyChange = { UNKNOWN: 0, LOSS: 1, GAIN: 2 } as const;

/** The change that ALT `number` of the record tells of. */
export function copyChange(record: VcfRecord, number: number): number {
  const info = record.text(7);
  const type = /(?:^|;)SVTYPE=([^;]*)/.exec(info)?.[1]?.toUpperCase() ?? '';
  if (/^(DEL|LOSS)/.test(type)) return CopyChange.LOSS;
  if (/^(DUP|GAIN)/.test(type)) return CopyChange.GAIN;
  const own = /(?:^|;)CN=([^;]*)/.exec(info)?.[1]?.split(',')[number - 1];
  const told = own === undefined ? CopyChange.UNKNOWN : changeOf(own, null);
  return told === CopyChange.UNKNOWN ? changeInSamples(record) : told;
}

/** Whether all samples whose CN differs from the normal one have more copies, or all have fewer. */
function changeInSamples(record: VcfRecord): number {
  const { bytes, ends, end } = record;
  if (end <= ends[7]) return CopyChange.UNKNOWN;
  const columns: string = Buffer.prototype.latin1Slice.call(bytes, ends[7] + 1, end);
  const [format, ...samples] = columns.split('\t');
  const field = format.split(':').indexOf('CN');
  if (field < 0) return CopyChange.UNKNOWN;
  const chromosome = chromosomeOf(record.text(0));
  const normal = chromosome !== null && /^\d+$/.test(chromosome) ? 2 : null;
  const changes = new Set(samples.map((sample) => changeOf(sample.split(':')[field] ?? '.', normal)));
  changes.delete(CopyChange.UNKNOWN);
  const [change = CopyChange.UNKNOWN] = changes;
  return changes.size === 1 ? change : CopyChange.UNKNOWN;
}

/**
 * What a number of copies means. Where nobody tells whether one or two are `normal` (INFO/CN may count one haplotype or
 * both; X and Y), only none and more than two speak for themselves.
 */
function changeOf(text: string, normal: number | null): number {
  const copies = text === '' ? Number.NaN : Math.round(Number(text));
  if (copies < (normal ?? 1)) return CopyChange.LOSS;
  return copies > (normal ?? 2) ? CopyChange.GAIN : CopyChange.UNKNOWN;
}
