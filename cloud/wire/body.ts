/**
 * The body of a request as services see it: framing off, and the SHA-256 the client signed checked when it ends.
 * Bodies are streams of any length; only short ones are held.
 */
import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { ChunkSignatures, type Claim, type SigningKey } from '../signature.ts';
import { decodeAwsChunked } from './aws-chunked.ts';

/** What x-amz-content-sha256 may say besides a hash ("Authenticating requests", S3 API Reference). */
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const UNSIGNED_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const SIGNED_CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const SIGNED_CHUNKS_TRAILER = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';

/** A body that must be hashed before its request can be believed is held in memory, so it is no longer than this. */
const HELD_BYTES_MAX = 16 * 1024 * 1024;

/** Up to this a body is checked in one piece, which is several times faster than a stream of one chunk. */
const SHORT_BYTES_MAX = 64 * 1024;

/** Chunks as they come; the plain form every reader takes. */
export type Bytes = AsyncIterable<Uint8Array>;

/** Reads a whole body of a request that does not say the hash of its body, as botocore sends them to all but S3. */
export async function holdBody(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > HELD_BYTES_MAX) {
      throw new AwsError(
        'RequestEntityTooLarge',
        413,
        `A body without x-amz-content-sha256 is at most ${HELD_BYTES_MAX} bytes.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The checked body of an authenticated request, by what x-amz-content-sha256 says of it (`payload`). Trailers are
 * in `trailers` once the stream has ended. Throws AwsError at once when the word is unknown or a length is missing.
 */
export async function openBody(
  request: Request,
  payload: string,
  signed: { claim: Claim; key: SigningKey },
  trailers: Headers,
): Promise<ReadableStream<Uint8Array>> {
  const { headers } = request;
  const source = request.body ?? emptyStream();
  if (payload === UNSIGNED) return source;
  if (/^[0-9a-f]{64}$/.test(payload)) {
    const contentLength = headers.get('content-length');
    const isShort = contentLength !== null && Number(contentLength) <= SHORT_BYTES_MAX;
    if (isShort || !request.body) {
      const bytes = await request.bytes();
      checkSha256(createHash('sha256').update(bytes).digest('hex'), payload);
      return new Blob([bytes]).stream();
    }
    return streamOf(withSha256(source, payload));
  }
  const isSigned = payload === SIGNED_CHUNKS || payload === SIGNED_CHUNKS_TRAILER;
  if (!isSigned && payload !== UNSIGNED_TRAILER) {
    throw new AwsError(
      'InvalidArgument',
      400,
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value.',
      {
        ArgumentName: 'x-amz-content-sha256',
        ArgumentValue: payload,
      },
    );
  }
  const decodedLength = headers.get('x-amz-decoded-content-length');
  if (!/^\d{1,15}$/.test(decodedLength ?? '')) {
    throw new AwsError('MissingContentLength', 411, 'You must provide the x-amz-decoded-content-length HTTP header.');
  }
  const framing = {
    signatures: isSigned ? new ChunkSignatures(signed.claim, signed.key) : undefined,
    trailerNames: payload === SIGNED_CHUNKS ? [] : listHeader(headers.get('x-amz-trailer')),
    decodedLength: Number(decodedLength),
  };
  return streamOf(decodeAwsChunked(source, framing, trailers));
}

/** A body of no bytes. */
export function emptyStream(): ReadableStream<Uint8Array> {
  return new Blob([]).stream();
}

/** Chunks pulled from `source` as the reader asks; an error of the source is the reader's. */
export function streamOf(source: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const next = await source.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await source.return(undefined);
    },
  });
}

async function* withSha256(source: Bytes, expected: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
  checkSha256(hash.digest('hex'), expected);
}

function checkSha256(actual: string, expected: string): void {
  if (actual === expected) return;
  throw new AwsError(
    'XAmzContentSHA256Mismatch',
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    {
      ClientComputedContentSHA256: expected,
      S3ComputedContentSHA256: actual,
    },
  );
}

function listHeader(value: string | null): string[] {
  return (value ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}
