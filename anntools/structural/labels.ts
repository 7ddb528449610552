/** The names of a transcript and its gene, out of the prepared label of its CSQ block. */
import type { StringPool } from '../bundle/reference.ts';
import type { ByteBuffer } from '../bytes/buffer.ts';

/** Place of a name in a label, `SYMBOL|Gene|Transcript|Feature|BIOTYPE`. */
export const Label = { SYMBOL: 0, GENE: 1, FEATURE: 3 } as const;

/** Appends a name as it can stand in INFO. */
export function writeLabel(labels: StringPool, transcript: number, label: number, out: ByteBuffer): void {
  out.ascii(labelText(labels, transcript, label));
}

/** A name as it can stand in INFO; empty where there is none. */
export function labelText({ bytes, offsets }: StringPool, transcript: number, label: number): string {
  const text: string = Buffer.prototype.latin1Slice.call(bytes, offsets[transcript], offsets[transcript + 1]);
  return text.split('|')[label] ?? '';
}
