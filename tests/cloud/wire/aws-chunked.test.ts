/** The aws-chunked framing: taken off however the network cuts it, and refused when a bit of it is wrong. */
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createHash, createHmac } from 'node:crypto';
import { AwsError } from '../../../cloud/errors.ts';
import { ChunkSignatures, SigningKey, type Claim, type Scope } from '../../../cloud/signature.ts';
import { decodeAwsChunked, type ChunkedFraming } from '../../../cloud/wire/aws-chunked.ts';

const scope: Scope = { accessKeyId: 'AKID', date: '20260101', region: 'us-east-1', service: 's3' };
const claim: Claim = { scope, amzDate: '20260101T000000Z', signedHeaders: ['host'], signature: 'ab'.repeat(32) };
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

/** The signer's side, written from the documentation and sharing nothing with the verifier. */
function sign(kind: string, previous: string, ...hashes: string[]): string {
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = hmac(hmac(hmac(hmac('AWS4secret', '20260101'), 'us-east-1'), 's3'), 'aws4_request');
  const lines = [`AWS4-HMAC-SHA256-${kind}`, claim.amzDate, '20260101/us-east-1/s3/aws4_request', previous, ...hashes];
  return hmac(key, lines.join('\n')).toString('hex');
}

/** A framed body; `isSigned` adds the signatures, `trailer` the checksum after it. */
function frame(chunks: Uint8Array[], isSigned: boolean, trailer?: string): Buffer {
  const pieces: (Uint8Array | string)[] = [];
  let previous = claim.signature;
  for (const chunk of [...chunks.filter(({ length }) => length > 0), new Uint8Array()]) {
    previous = isSigned ? sign('PAYLOAD', previous, sha256(''), sha256(chunk)) : '';
    pieces.push(`${chunk.length.toString(16)}${isSigned ? `;chunk-signature=${previous}` : ''}\r\n`);
    if (chunk.length > 0) pieces.push(chunk, '\r\n');
  }
  if (trailer !== undefined) {
    pieces.push(`x-amz-checksum-crc32:${trailer}\r\n`);
    const signature = sign('TRAILER', previous, sha256(`x-amz-checksum-crc32:${trailer}\n`));
    if (isSigned) pieces.push(`x-amz-trailer-signature:${signature}\r\n`);
  }
  return Buffer.concat([...pieces, '\r\n'].map((piece) => Buffer.from(piece)));
}

async function* cut(bytes: Buffer, sizes: number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function decode(
  bytes: Buffer,
  framing: ChunkedFraming,
  sizes = [bytes.length],
): Promise<{ data: Buffer; trailers: Headers }> {
  const trailers = new Headers();
  const data: Uint8Array[] = [];
  for await (const piece of decodeAwsChunked(cut(bytes, sizes), framing, trailers)) data.push(Buffer.from(piece));
  return { data: Buffer.concat(data), trailers };
}

const signatures = () => new ChunkSignatures(claim, new SigningKey(scope, 'secret'));
const framingOf = (decodedLength: number, isSigned: boolean, trailer?: string): ChunkedFraming => ({
  signatures: isSigned ? signatures() : undefined,
  trailerNames: trailer === undefined ? [] : ['x-amz-checksum-crc32'],
  decodedLength,
});

describe('a framed body', () => {
  test('comes out as it went in, wherever the network cuts it', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 });
    const trailer = fc.constantFrom(undefined, 'AAAAAA==');
    await fc.assert(
      fc.asyncProperty(chunks, fc.boolean(), trailer, sizes, async (data, isSigned, said, cuts) => {
        const plain = Buffer.concat(data);
        const framing = framingOf(plain.length, isSigned, said);
        const decoded = await decode(frame(data, isSigned, said), framing, cuts);
        expect(decoded.data).toEqual(plain);
        expect(decoded.trailers.get('x-amz-checksum-crc32')).toBe(said ?? null);
      }),
    );
  });

  test('that is signed fails when any one bit of it is turned', async () => {
    const data = Buffer.from('twenty bytes of data');
    const framed = frame([data.subarray(0, 12), data.subarray(12)], true, 'AAAAAA==');
    const survived: number[] = [];
    for (let bit = 0; bit < framed.length * 8; bit++) {
      const turned = Buffer.from(framed);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        const { data: decoded, trailers } = await decode(turned, framingOf(data.length, true, 'AAAAAA=='));
        // Letter case of hex and of a trailer's name, and kinds of line ends, mean nothing.
        if (!decoded.equals(data) || trailers.get('x-amz-checksum-crc32') !== 'AAAAAA==') survived.push(bit);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
      }
    }
    expect(survived).toEqual([]);
  });

  test.each([
    ['with a size that is none', 'zz\r\nabc\r\n0\r\n\r\n'],
    ['longer than its chunk says', '2\r\nabc\r\n0\r\n\r\n'],
    ['shorter than it was announced', '2\r\nab\r\n0\r\n\r\n'],
    ['longer than it was announced', '4\r\nabcd\r\n0\r\n\r\n'],
    ['that ends inside a chunk', '3\r\nab'],
    ['that ends without its last chunk', '3\r\nabc\r\n'],
    ['with a trailer nobody announced', '3\r\nabc\r\n0\r\nx-amz-meta-a:b\r\n\r\n'],
    ['with a line without end', `${'3'.repeat(9000)}`],
  ])('%s is refused', async (_what, framed) => {
    const outcome = decode(Buffer.from(framed), framingOf(3, false)).catch((error: AwsError) => error.code);
    expect(await outcome).toBe('IncompleteBody');
  });

  test('without the trailer it announced is refused', async () => {
    const outcome = decode(Buffer.from('3\r\nabc\r\n0\r\n\r\n'), framingOf(3, false, 'AAAAAA=='));
    expect(await outcome.catch((error: AwsError) => error.code)).toBe('IncompleteBody');
  });
});
