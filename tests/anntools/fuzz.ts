/**
 * Damaged VCFs through validate, filter and annotate: nothing throws but an InputError, hangs, or loses a line. A case
 * is its number: the same number makes the same file.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ByteSource } from '../../anntools/bgzf/source.ts';
import { InputError } from '../../anntools/errors.ts';
import { filterVcf } from '../../anntools/filter/filter.ts';
import { annotateFile } from '../../anntools/index.ts';
import { BatchText } from '../../anntools/pipeline/batch-text.ts';
import { openInput } from '../../anntools/pipeline/batches.ts';
import { validateVcf } from '../../anntools/validate/validate.ts';
import { basesOf, makeSmallReference } from '../support/small-reference.ts';
import { encoded, encodings, inChunks } from '../support/vcf.ts';

const SHARED = join(import.meta.dir, '../../../shared/data');

/** Lines taken from the header and the data of each real file. */
const REAL_LINES = 12;
/** A case that keeps the processor busy for longer than this hangs, however busy the machine is. */
const CASE_CPU_MS_MAX = 5000;

/** What a damaged file is put through. */
export const PARTS = ['validate', 'filter', 'annotate'] as const;
type Part = (typeof PARTS)[number];

/** Texts that mean something to a VCF, for putting where they do not belong. */
const WORDS = [
  '\t',
  '\n',
  '\r\n',
  '\n\n',
  ';',
  ':',
  ',',
  '=',
  '|',
  '/',
  '.',
  '"',
  '\\',
  '<',
  '>',
  '<>',
  '[',
  ']1:5]',
  '*',
  '#',
  '##',
  '##x',
  '\0',
  '\xff',
  '\xc3',
  '%',
  '-',
  '-1',
  '1e999',
  'nan',
  '99999999999999999999',
  '2147483648',
  '0',
  'chr1',
  'N',
  '<DEL>',
  '<*>',
  'GT',
  'PL',
  'END=',
  'END=-5',
  'CSQ=',
  'CSQ=|||,,',
  'AF=.,.',
  '##INFO=<ID=',
  '##INFO=<ID=A,Number=A,Type=Float,Description="',
  '#CHROM',
  '#CHROM\tPOS',
  '##fileformat=VCFv4.5\n',
  ' ',
  'A'.repeat(300),
  '0/'.repeat(200),
];

const EXPRESSIONS = [
  'POS >= 0',
  'QUAL > 20 or QUAL is missing',
  'ALT == A or POS ~ "[0-9]"',
  'not (FILTER == PASS) or ID is not missing',
];

/** Numbers from a seed (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

export interface Fuzzer {
  /** Runs a case through some parts (all, when not told); the answer is what went wrong, if anything did. */
  run(number: number, parts?: readonly Part[]): Promise<string | undefined>;
  close(): void;
}

/** Makes the reference and the files that cases start from: made ones, and the beginnings of real ones if there are any. */
export async function makeFuzzer(): Promise<Fuzzer> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const reference = join(folder, 'small');
  await makeSmallReference(reference);
  const originals = [madeVcf(), ...realVcfs()];
  return {
    run: (number, parts = PARTS) => runCase(number, parts, originals, reference),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function runCase(
  number: number,
  parts: readonly Part[],
  originals: readonly Buffer[],
  reference: string,
): Promise<string | undefined> {
  const below = chance(number);
  const text = mutated(originals[below(originals.length)] ?? Buffer.alloc(0), below);
  const stored = Buffer.from(encoded(text, encodings[below(encodings.length)] ?? 'text'));
  const damaged = below(8) === 0;
  if (damaged) damage(stored, below);
  const bytes = damaged && below(2) === 0 ? stored.subarray(0, below(stored.length + 1)) : stored;
  const stream = (): AsyncIterable<Uint8Array> => inChunks(bytes, [1 + below(2000), 1 + below(70_000)]);
  // What damage makes of a compressed file, nobody knows until its checksum is read at the end.
  const linesMax = damaged ? Infinity : text.toString('latin1').split('\n').length;
  const expression = EXPRESSIONS[below(EXPRESSIONS.length)] ?? 'POS >= 0';
  const before = process.cpuUsage();
  const failure =
    (parts.includes('validate') ? await failureOf('validate', () => validates(stream(), linesMax)) : undefined) ??
    (await failureOf('reading', async () => {
      if (!parts.includes('filter') && !parts.includes('annotate')) return undefined;
      const original = await dataLines(stream());
      const ofFilter = () => filters(stream, expression, original);
      const ofAnnotate = () => annotates(stream, reference, original);
      return (
        (parts.includes('filter') ? await failureOf('filter', ofFilter) : undefined) ??
        (parts.includes('annotate') ? await failureOf('annotate', ofAnnotate) : undefined)
      );
    }));
  if (failure) return failure;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 > CASE_CPU_MS_MAX ? 'takes too long' : undefined;
}

/** What goes wrong; an InputError is an answer like another. */
async function failureOf(what: string, run: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    const failure = await run();
    return failure && `${what}: ${failure}`;
  } catch (cause) {
    if (cause instanceof InputError) return undefined;
    return `${what}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`;
  }
}

/** Problems are told of lines that there are; `lines` is as many as there can be. */
async function validates(stream: AsyncIterable<Uint8Array>, lines: number): Promise<string | undefined> {
  for await (const { line, column, reason } of validateVcf(stream, { warnings: true })) {
    if (line < 0 || line > lines || column === '' || reason === '')
      return `line ${line} of ${lines}: ${column} ${reason}`;
  }
  return undefined;
}

/** Every line comes out of the expression or of its contrary or cannot be told; none is changed, none comes twice. */
async function filters(
  stream: () => AsyncIterable<Uint8Array>,
  expression: string,
  original: readonly string[],
): Promise<string | undefined> {
  const kept = async (asked: string): Promise<{ lines: string[]; records: number; unreadable: number }> => {
    const parts: Uint8Array[] = [];
    const output = { write: async (part: Uint8Array) => void parts.push(Uint8Array.from(part)) };
    const { records, unreadable } = await filterVcf({ expression: asked, input: stream(), output });
    return { lines: writtenLines(parts), records, unreadable };
  };
  const all = await kept(`${expression} or not (${expression}) or POS >= 0`);
  if (all.records + all.unreadable !== original.length) return `${original.length} lines, ${all.records} records`;
  if (all.lines.length !== all.records) return `${all.records} records, ${all.lines.length} lines`;
  const some = await kept(expression);
  return inOrder(some.lines, all.lines) && inOrder(all.lines, original) ? undefined : 'lines are changed or moved';
}

/** Every line comes out, and nothing but INFO is changed. */
async function annotates(
  stream: () => AsyncIterable<Uint8Array>,
  reference: string,
  original: readonly string[],
): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  const output = { write: async (part: Uint8Array) => void parts.push(Uint8Array.from(part)) };
  await annotateFile({ input: stream(), output, reference });
  const annotated = writtenLines(parts);
  if (annotated.length !== original.length) return `${original.length} lines in, ${annotated.length} out`;
  const changed = original.findIndex(
    (line, i) => line !== annotated[i] && withoutInfo(line) !== withoutInfo(annotated[i] ?? ''),
  );
  return changed < 0
    ? undefined
    : `data line ${changed + 1} is changed: ${JSON.stringify(annotated[changed]?.slice(0, 200))}`;
}

function withoutInfo(line: string): string {
  const fields = line.replace(/\r$/, '').split('\t');
  return [...fields.slice(0, 7), ...fields.slice(8)].join('\t');
}

function inOrder(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  return some.every((line) => {
    while (at < all.length && all[at] !== line) at++;
    return at++ < all.length;
  });
}

/** Inflates batches; one for all cases, as it is large. */
const batchText = new BatchText();

/** The lines after the header, as every part of the engine sees them. */
async function dataLines(stream: AsyncIterable<Uint8Array>): Promise<string[]> {
  const { batches } = await openInput(new ByteSource(stream));
  let all = '';
  for await (const batch of batches) {
    const { bytes, end } = batchText.read(batch);
    all += Buffer.from(bytes.subarray(batch.skip, end)).toString('latin1');
  }
  return linesOf(all);
}

/** The lines after the header of what was written. */
function writtenLines(parts: readonly Uint8Array[]): string[] {
  const text = Buffer.concat(parts).toString('latin1');
  return linesOf(text.replace(/^([^\n]*\n)*?#CHROM\b[^\n]*(\n|$)/i, ''));
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** One to six changes: bytes, words, pieces and lines are put in, taken out, doubled and exchanged. */
function mutated(original: Buffer, below: (limit: number) => number): Buffer {
  let text = Buffer.from(original);
  for (let i = 1 + below(6); i > 0; i--) {
    const at = below(text.length + 1);
    const to = Math.min(text.length, at + below(below(4) === 0 ? 400 : 12));
    const piece = text.subarray(at, to);
    const word = Buffer.from(WORDS[below(WORDS.length)] ?? '', 'latin1');
    const lines = text.toString('latin1').split('\n');
    const line = below(lines.length);
    switch (below(9)) {
      case 0:
        text[Math.min(at, text.length - 1)] = below(256);
        break;
      case 1:
        text = Buffer.concat([text.subarray(0, at), text.subarray(to)]);
        break;
      case 2:
        text = Buffer.concat([text.subarray(0, to), piece, text.subarray(to)]);
        break;
      case 3:
      case 4:
        text = Buffer.concat([text.subarray(0, at), word, text.subarray(below(2) === 0 ? at : to)]);
        break;
      case 5:
        text = Buffer.from(lines.toSpliced(line, 1).join('\n'), 'latin1');
        break;
      case 6:
        text = Buffer.from(lines.toSpliced(below(lines.length), 0, lines[line] ?? '').join('\n'), 'latin1');
        break;
      case 7: {
        const fields = (lines[line] ?? '').split('\t');
        fields[below(fields.length)] = word.toString('latin1');
        text = Buffer.from(lines.with(line, fields.join('\t')).join('\n'), 'latin1');
        break;
      }
      default:
        if (below(6) === 0) text = text.subarray(0, at);
    }
    if (text.length === 0) text = Buffer.from('#');
  }
  return text;
}

/** Changes bytes of the stored file: of its blocks, when it is compressed. */
function damage(stored: Buffer, below: (limit: number) => number): void {
  for (let i = 1 + below(3); i > 0 && stored.length > 0; i--) stored[below(stored.length)] = below(256);
}

function madeVcf(): Buffer {
  const bases = basesOf('1');
  const record = (position: number, ref: string, alt: string, info: string): string =>
    ['1', position, 'rs1', ref, alt, '50', 'PASS', info, 'GT:AD:PL', '0/1:3,4:1,2,3', './.:.:.'].join('\t');
  const lines = Array.from({ length: 20 }, (_, i) => {
    const position = 1000 + i * 30;
    const ref = bases[position - 1] ?? 'N';
    return record(position, ref, i % 3 === 0 ? `${ref}A` : i % 3 === 1 ? 'A,T' : '<DEL>', `DP=${i};AF=0.${i};DB`);
  });
  return Buffer.from(
    [
      '##fileformat=VCFv4.3',
      '##contig=<ID=1,length=3000>',
      '##INFO=<ID=DP,Number=1,Type=Integer,Description="depth">',
      '##INFO=<ID=AF,Number=A,Type=Float,Description="frequency">',
      '##INFO=<ID=DB,Number=0,Type=Flag,Description="a, \\"flag\\"">',
      '##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">',
      '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="likelihoods">',
      '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb',
      ...lines,
      '',
    ].join('\n'),
  );
}

/** The first lines of header and data of real files with few samples. */
function realVcfs(): Buffer[] {
  const folder = join(SHARED, 'vcf');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.vcf.gz') && !/2504|300samples|100samples|long_line/.test(name))
    .toSorted()
    .map((name) => {
      const lines = gunzipSync(readFileSync(join(folder, name)))
        .toString('latin1')
        .split('\n');
      const columns = lines.findIndex((line) => line.startsWith('#CHROM'));
      const header = lines.slice(0, columns).filter((line, i) => i === 0 || line.length < 300);
      const kept = [
        ...header.slice(0, REAL_LINES),
        lines[columns] ?? '',
        ...lines.slice(columns + 1, columns + 1 + REAL_LINES),
        '',
      ];
      return Buffer.from(kept.join('\n'), 'latin1');
    });
}
