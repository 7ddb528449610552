/**
 * The checksums S3 keeps beside an ETag: which one a request brings (in a header, or in a trailer after the body),
 * whether it is right, and how it is said again. Source: "Checking object integrity", Amazon S3 User Guide.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError, notImplemented } from '../errors.ts';
import type { Body } from './bodies.ts';
import { crc32c } from './crc32c.ts';
import type { S3Request } from './s3.ts';

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'SHA1' | 'SHA256';

const ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'SHA1', 'SHA256'];

/** A checksum as it is kept with an object or a part. */
export interface Checksum {
  algorithm: ChecksumAlgorithm;
  /** Base64; of a composite one, followed by `-` and the number of parts. */
  value: string;
  /** COMPOSITE: the checksum of the parts' checksums. */
  type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** What a request says of the checksum of its body. */
export interface ExpectedChecksum {
  algorithm: ChecksumAlgorithm;
  /** Base64. Undefined: it comes in the trailer. */
  value: string | undefined;
}

/** A running checksum. */
export function digester(algorithm: ChecksumAlgorithm): { update(bytes: Uint8Array): void; digest(): string } {
  switch (algorithm) {
    case 'CRC32':
      return crcDigester(crc32);
    case 'CRC32C':
      return crcDigester(crc32c);
    case 'SHA1':
    case 'SHA256': {
      const hash = createHash(algorithm);
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
    }
  }
}

/** The algorithm of that name, as in `x-amz-checksum-algorithm`. Throws AwsError when S3, or this cloud, has none such. */
export function parseAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = ALGORITHMS.find((each) => each === name.toUpperCase());
  if (algorithm) return algorithm;
  throw notImplemented('S3', `checksum algorithm ${name} (it has ${ALGORITHMS.join(', ')})`);
}

/** The checksum a request brings with its body, if it does. Throws AwsError when it brings several. */
export function expectedChecksum({ headers }: Pick<S3Request, 'headers'>): ExpectedChecksum | undefined {
  const announced = (headers.get('x-amz-trailer') ?? '').split(',').map((name) => name.trim().toLowerCase());
  const names = [...headers.keys(), ...announced].filter(
    (name) => name.startsWith('x-amz-checksum-') && !/-(algorithm|mode|type)$/.test(name),
  );
  const [name, second] = new Set(names);
  if (second) {
    throw new AwsError(
      'InvalidRequest',
      400,
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  if (name) {
    return { algorithm: parseAlgorithm(name.slice('x-amz-checksum-'.length)), value: headers.get(name) ?? undefined };
  }
  const asked = headers.get('x-amz-sdk-checksum-algorithm');
  if (asked === null) return undefined;
  throw new AwsError(
    'InvalidRequest',
    400,
    'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
  );
}

/** Checks a received body against the length its request announced. Throws IncompleteBody: the client broke off. */
export function checkLength({ size }: Pick<Body, 'size'>, { headers }: S3Request): void {
  const length = Number(headers.get('x-amz-decoded-content-length') ?? headers.get('content-length'));
  if (size === length) return;
  throw new AwsError(
    'IncompleteBody',
    400,
    `You did not provide the number of bytes specified by the Content-Length HTTP header: ${size} of ${length} came.`,
  );
}

/** Checks a received body against Content-MD5 and the checksum of its request. Throws BadDigest when it is another one. */
export function checkIntegrity(
  body: Pick<Body, 'md5' | 'checksums'>,
  { headers, trailers }: Pick<S3Request, 'headers' | 'trailers'>,
  expected: ExpectedChecksum | undefined,
): void {
  const md5 = headers.get('content-md5');
  if (md5 !== null) {
    const given = Buffer.from(md5, 'base64');
    if (given.length !== 16) throw new AwsError('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.');
    if (given.toString('hex') !== body.md5) throw badDigest('Content-MD5');
  }
  if (!expected) return;
  const value = expected.value ?? trailers.get(checksumHeader(expected.algorithm));
  if (value !== body.checksums.get(expected.algorithm)) throw badDigest(expected.algorithm);
}

/** The checksum of a received body, to be kept. */
export function checksumOf(body: Body, algorithm: ChecksumAlgorithm | undefined): Checksum | undefined {
  const value = algorithm && body.checksums.get(algorithm);
  return algorithm && value ? { algorithm, value, type: 'FULL_OBJECT' } : undefined;
}

/** How an answer says a checksum in its headers. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type } : {};
}

/** How an answer says a checksum in its XML. */
export function checksumElements(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } : {};
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

function crcDigester(crc: (bytes: Uint8Array, before: number) => number) {
  let value = 0;
  return {
    update(bytes: Uint8Array) {
      value = crc(bytes, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

export function badDigest(what: string): AwsError {
  return new AwsError('BadDigest', 400, `The ${what} you specified did not match the calculated checksum.`);
}
