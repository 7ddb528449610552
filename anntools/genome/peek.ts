/**
 * A look at the first bytes of a file, to say which assembly it seems to be before anything runs. The beginning may
 * be compressed and is cut off anywhere; what can be read of it is enough, and what is wrong with the file is not
 * said here but when it is annotated.
 */
import { inflate } from '../bgzf/reader.ts';
import { ByteSource } from '../bgzf/source.ts';
import { InputError } from '../errors.ts';
import { parseHeader, type VcfHeader } from '../vcf/header.ts';
import { detectAssembly, type AssemblyVerdict } from './assembly.ts';

const none = { agree: 0, disagree: 0 };

/** The verdict on what the first bytes of a VCF show. */
export async function peekAssembly(head: Uint8Array): Promise<AssemblyVerdict> {
  const text = await inflatedBeginning(head);
  const lines = text.split('\n');
  // The last line may be cut off.
  if (lines.length > 1) lines.pop();
  const columns = lines.findIndex((line) => /^#CHROM\b/i.test(line));
  const header = headerOf(columns < 0 ? lines.filter((line) => line.startsWith('##')) : lines.slice(0, columns + 1));
  return detectAssembly({
    lines: header?.lines ?? lines.filter((line) => line.startsWith('##')),
    headerContigs: header?.contigs ?? [],
    seen: positionsOf(columns < 0 ? [] : lines.slice(columns + 1)),
    comparedWith: '',
    sequence: none,
    rsNumbers: none,
    knownBases: none,
  });
}

async function inflatedBeginning(head: Uint8Array): Promise<string> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of inflate(new ByteSource(once(head)))) pieces.push(piece.slice());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return Buffer.concat(pieces).toString('latin1');
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The header, closed by a `#CHROM` line of ours where the beginning does not reach it. */
function headerOf(lines: readonly string[]): VcfHeader | null {
  const columns = '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO';
  const closed = /^#CHROM\b/i.test(lines.at(-1) ?? '') ? lines : [...lines, columns];
  try {
    return parseHeader(Buffer.from(`${closed.join('\n')}\n`, 'latin1'));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** The extreme positions of each contig. */
function positionsOf(records: readonly string[]): Map<string, { first: number; last: number }> {
  const seen = new Map<string, { first: number; last: number }>();
  for (const record of records) {
    const [name, pos] = record.split('\t', 2);
    const position = Number(pos);
    if (!name || !Number.isSafeInteger(position)) continue;
    const extremes = seen.get(name);
    if (!extremes) seen.set(name, { first: position, last: position });
    else {
      extremes.first = Math.min(extremes.first, position);
      extremes.last = Math.max(extremes.last, position);
    }
  }
  return seen;
}
