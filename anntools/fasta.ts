/**
 * FASTA as a stream: contigs and their letters are handed on piece by piece, so that a contig of any length, in
 * lines of any length, takes no memory. What a base is and what not is the taker's business; where in the file
 * something is wrong is said here.
 */
import { InputError } from './errors.ts';

/** Takes a FASTA apart as it streams by. */
export interface FastaTaker {
  /** A contig begins. `name` is the header up to the first white space, `description` the rest. */
  contig(name: string, description: string): void;
  /** Letters [start, end) of the contig that began last. @returns the index of the first byte that is no base, or -1. */
  letters(bytes: Uint8Array, start: number, end: number): number;
}

const NEWLINE = 10;
const RETURN = 13;
const GREATER = 62;
const SEMICOLON = 59;
/** No header is longer; a file that has such a one is something else. */
const HEADER_LENGTH_MAX = 1 << 20;

/**
 * Reads FASTA chunks.
 * @param insideGff3 the file is a GFF3, to be read from its `##FASTA` on.
 * @throws InputError that names the line: a letter that is no base, a contig without name or there twice, no contig at all.
 */
export async function readFasta(
  chunks: AsyncIterable<Uint8Array>,
  taker: FastaTaker,
  insideGff3 = false,
): Promise<void> {
  const reader = new FastaReader(taker, insideGff3);
  for await (const chunk of chunks) reader.push(chunk);
  reader.end();
}

export class FastaReader {
  readonly #names = new Map<string, number>();
  #line = 1;
  /** What the line under way is: unknown at its start, a header being gathered, letters, or passed over. */
  #inside: 'start' | 'header' | 'letters' | 'skipped' = 'start';
  #header: Uint8Array = new Uint8Array(0);
  /** Among the features of a GFF3, before the first sequence. */
  #inFeatures: boolean;

  constructor(
    readonly taker: FastaTaker,
    insideGff3 = false,
  ) {
    this.#inFeatures = insideGff3;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      let end = chunk.indexOf(NEWLINE, at);
      const whole = end >= 0;
      if (!whole) end = chunk.length;
      this.#piece(chunk, at, end);
      if (whole) this.#endLine();
      at = end + 1;
    }
  }

  end(): void {
    if (this.#inside !== 'start') this.#endLine();
    if (this.#names.size === 0) {
      throw new InputError(
        'BAD_REFERENCE',
        'the FASTA has no sequence: it should begin with a line like ">1 chromosome 1"',
      );
    }
  }

  /** Part of a line, without its newline. */
  #piece(chunk: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    if (this.#inside === 'start') this.#inside = this.#kindOfLine(chunk, start, end);
    if (this.#inside === 'header') {
      this.#header = Buffer.concat([this.#header, chunk.subarray(start, end)]);
      if (this.#header.length > HEADER_LENGTH_MAX) throw this.#wrong('is a header of more than 1 MB');
    } else if (this.#inside === 'letters') {
      this.#letters(chunk, start, end);
    }
  }

  #kindOfLine(chunk: Uint8Array, start: number, end: number): 'header' | 'letters' | 'skipped' {
    const first = chunk[start];
    if (first === GREATER) {
      this.#inFeatures = false;
      return 'header';
    }
    if (first === SEMICOLON || first === RETURN || this.#inFeatures) return 'skipped';
    if (this.#names.size === 0) {
      const text = Buffer.from(chunk.subarray(start, Math.min(end, start + 30))).toString('latin1');
      throw this.#wrong(`is '${text}' where a FASTA begins with '>' and a name`);
    }
    return 'letters';
  }

  #letters(chunk: Uint8Array, start: number, end: number): void {
    let at = this.taker.letters(chunk, start, end);
    // White space in and after the letters is allowed; it is rare, so it is looked for only where letters end.
    while (at >= 0) {
      const byte = chunk[at];
      if (byte !== RETURN && byte !== 32 && byte !== 9) {
        throw this.#wrong(`has '${String.fromCharCode(byte)}', which is no base`);
      }
      at = at + 1 < end ? this.taker.letters(chunk, at + 1, end) : -1;
    }
  }

  #endLine(): void {
    if (this.#inside === 'header') this.#beginContig();
    this.#inside = 'start';
    this.#line++;
  }

  #beginContig(): void {
    const header = Buffer.from(this.#header).toString().slice(1).trim();
    this.#header = new Uint8Array(0);
    const space = header.search(/\s/);
    const name = space < 0 ? header : header.slice(0, space);
    if (name === '') throw this.#wrong('has a contig without a name');
    const before = this.#names.get(name);
    if (before !== undefined)
      throw this.#wrong(`begins contig ${name} again, which is already there at line ${before}`);
    this.#names.set(name, this.#line);
    this.taker.contig(name, space < 0 ? '' : header.slice(space).trim());
  }

  #wrong(what: string): InputError {
    return new InputError('BAD_REFERENCE', `line ${this.#line} of the FASTA ${what}`, { line: this.#line });
  }
}
