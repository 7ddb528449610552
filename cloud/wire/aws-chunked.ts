/**
 * The `aws-chunked` framing of streamed uploads, taken off: sizes in hex, signatures of chunks, trailers. What is
 * hard is that a frame may be cut anywhere by the network, while nothing of the data may be held back.
 *
 *     10000;chunk-signature=<hex>\r\n   <65536 bytes>\r\n      (signed)   or   10000\r\n <65536 bytes>\r\n   (unsigned)
 *     0;chunk-signature=<hex>\r\n       or   0\r\n
 *     x-amz-checksum-crc32:AAAAAA==\r\n                        trailers, if x-amz-trailer announced them
 *     x-amz-trailer-signature:<hex>\r\n                        if signed
 *     \r\n
 *
 * Source: "Transferring payload in multiple chunks (chunked upload)", Amazon S3 API Reference.
 */
import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { ChunkSignatures } from '../signature.ts';

/** A line longer than this is no chunk header and no trailer. */
const LINE_LENGTH_MAX = 8192;

export interface ChunkedFraming {
  /** The chain to check chunks by; absent when the chunks are not signed. */
  signatures: ChunkSignatures | undefined;
  /** The trailers that x-amz-trailer announced, in lower case. */
  trailerNames: readonly string[];
  /** x-amz-decoded-content-length: how long the data is without the framing. */
  decodedLength: number;
}

/**
 * The data of a framed body. Trailers are in `trailers` when it ends. Throws AwsError when the framing, a signature
 * or the length is wrong; what came before is then not to be kept.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  { signatures, trailerNames, decodedLength }: ChunkedFraming,
  trailers: Headers,
): AsyncGenerator<Uint8Array> {
  const frames = new FrameReader(source);
  let length = 0;
  for (;;) {
    const [size, extension = ''] = (await frames.line()).split(';', 2);
    if (!/^[0-9a-f]{1,12}$/i.test(size ?? '')) throw malformed('A chunk does not begin with its size in hex.');
    const sizeBytes = Number.parseInt(size ?? '', 16);
    const hash = signatures && createHash('sha256');
    length += sizeBytes;
    if (length > decodedLength) throw incomplete(decodedLength);
    for await (const piece of frames.bytes(sizeBytes)) {
      hash?.update(piece);
      yield piece;
    }
    if (hash)
      signatures?.checkChunk(hash.digest('hex'), /^chunk-signature=([0-9a-f]{64})$/.exec(extension.trim())?.[1] ?? '');
    if (sizeBytes === 0) break;
    if ((await frames.line()) !== '') throw malformed('A chunk does not end where its size says.');
  }
  if (length !== decodedLength) throw incomplete(decodedLength);
  await readTrailers(frames, signatures, trailerNames, trailers);
}

async function readTrailers(
  frames: FrameReader,
  signatures: ChunkSignatures | undefined,
  trailerNames: readonly string[],
  trailers: Headers,
): Promise<void> {
  const hash = createHash('sha256');
  let signature = '';
  for (let line = await frames.line(); line !== ''; line = await frames.line()) {
    const [name = '', value = ''] = line.split(/:(.*)/s, 2).map((part) => part.trim());
    if (name.toLowerCase() === 'x-amz-trailer-signature') {
      signature = value;
      continue;
    }
    if (!trailerNames.includes(name.toLowerCase()))
      throw malformed(`The trailer ${name} was not announced in x-amz-trailer.`);
    if (!/^[\x21-\x7e]*$/.test(value)) throw malformed(`The trailer ${name} has no value a header can have.`);
    hash.update(`${name.toLowerCase()}:${value}\n`);
    trailers.set(name, value);
  }
  const missing = trailerNames.find((name) => !trailers.has(name));
  if (missing) throw malformed(`The trailer ${missing} was announced but did not come.`);
  if (signatures && trailerNames.length > 0) signatures.checkTrailer(hash.digest('hex'), signature);
}

/** Lines and counted bytes out of chunks that are cut anywhere. */
class FrameReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next line without its CRLF. The end of the body counts as the end of the last line, as some clients leave it out. */
  async line(): Promise<string> {
    let text = '';
    for (;;) {
      const end = this.#rest.indexOf(0x0a);
      text += Buffer.from(end < 0 ? this.#rest : this.#rest.subarray(0, end)).toString('latin1');
      if (text.length > LINE_LENGTH_MAX) throw malformed('A line of the framing is too long.');
      if (end >= 0) {
        this.#rest = this.#rest.subarray(end + 1);
        break;
      }
      if (!(await this.#more())) break;
    }
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }

  /** The next `count` bytes, in the pieces they came in. */
  async *bytes(count: number): AsyncGenerator<Uint8Array> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) throw malformed('The body ended inside a chunk.');
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done) return false;
    this.#rest = next.value;
    return true;
  }
}

function malformed(message: string): AwsError {
  return new AwsError('IncompleteBody', 400, `The aws-chunked body is malformed. ${message}`);
}

function incomplete(decodedLength: number): AwsError {
  return new AwsError(
    'IncompleteBody',
    400,
    `The body is not the ${decodedLength} bytes that x-amz-decoded-content-length says.`,
  );
}
