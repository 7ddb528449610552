/**
 * Forms with lines of their own, out of a record and the INFO that the annotation adds to it. Everything is read as
 * latin1, one character a byte, so that bytes of any encoding come out as they went in.
 */
import type { ByteBuffer } from '../bytes/buffer.ts';
import type { FormColumns } from './form.ts';
import { JsonLines } from './json-lines.ts';
import { Table } from './table.ts';
import type { InfoField } from '../vcf/header-writer.ts';
import type { VcfRecord } from '../vcf/record.ts';

export interface RecordLines {
  /** Appends the lines of a record without the last newline; added[start, end) is the INFO that the annotation added. */
  write(record: VcfRecord, added: Uint8Array, start: number, end: number, out: ByteBuffer): void;
  /** Appends what stands for a line that cannot be read as a record. */
  unreadable(line: string, out: ByteBuffer): void;
}

/**
 * @param added the INFO fields that the annotation adds
 * @param assembly its name, or empty
 */
export function recordLines(
  form: 'tsv' | 'json',
  columns: FormColumns,
  added: readonly InfoField[],
  assembly: string,
): RecordLines {
  return form === 'tsv' ? new Table(columns, added) : new JsonLines(columns, added, assembly);
}
