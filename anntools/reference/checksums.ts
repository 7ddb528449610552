/** The checksums that public archives publish beside their files, read and compared. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { RemoteFile } from './catalogue.ts';

/** What a list says of one file. */
export type Checksum =
  | { kind: 'md5'; md5: string }
  /** `blocks`: size in KiB, rounded up. */
  | { kind: 'sum'; sum: number; blocks: number };

/**
 * Finds a file in a list of checksums.
 *
 *     sum   "12345 861000 Homo_sapiens.GRCh38.dna.primary_assembly.fa.gz"
 *     md5   "d41d8cd9…  ./GCF_000005845.2_ASM584v2_genomic.fna.gz", or a lone line of any name
 */
export function checksumOf(list: string, kind: RemoteFile['checksums']['kind'], name: string): Checksum | undefined {
  const rows = list
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(({ length }) => length > 1);
  const isNamed = (row: readonly string[]): boolean =>
    row[row.length - 1].split('/').pop()?.replace(/^\*/, '') === name;
  const row = rows.find(isNamed) ?? (kind === 'md5' && rows.length === 1 ? rows[0] : undefined);
  if (row === undefined) return undefined;
  if (kind === 'md5') return /^[0-9a-f]{32}$/i.test(row[0]) ? { kind, md5: row[0].toLowerCase() } : undefined;
  const [sum, blocks] = [Number(row[0]), Number(row[1])];
  return Number.isInteger(sum) && Number.isInteger(blocks) ? { kind, sum, blocks } : undefined;
}

const READ_SIZE = 1 << 20;

/** Whether the file is the one the checksum was made of. */
export async function agrees(path: string, checksum: Checksum, signal?: AbortSignal): Promise<boolean> {
  const md5 = createHash('md5');
  const sum = new BsdSum();
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(READ_SIZE);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, READ_SIZE);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      if (checksum.kind === 'md5') md5.update(bytes);
      else sum.update(bytes);
    }
  } finally {
    await file.close();
  }
  if (checksum.kind === 'md5') return md5.digest('hex') === checksum.md5;
  return sum.value === checksum.sum && sum.blocks === checksum.blocks;
}

/** The 16-bit checksum of BSD's and GNU's `sum`: rotate right by one, add the byte. */
export class BsdSum {
  value = 0;
  #bytes = 0;

  update(bytes: Uint8Array): void {
    let { value } = this;
    for (let i = 0; i < bytes.length; i++) value = (((value >>> 1) | ((value & 1) << 15)) + bytes[i]) & 0xffff;
    this.value = value;
    this.#bytes += bytes.length;
  }

  /** KiB, rounded up. */
  get blocks(): number {
    return Math.ceil(this.#bytes / 1024);
  }
}
