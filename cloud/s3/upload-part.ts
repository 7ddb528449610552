/** UploadPart and UploadPartCopy: a piece of an object to be, from the client or out of another object. */
import { AwsError } from '../errors.ts';
import type { Body } from './bodies.ts';
import {
  checkIntegrity,
  checkLength,
  checksumElements,
  checksumHeaders,
  checksumOf,
  expectedChecksum,
} from './checksums.ts';
import { copySource } from './copy-source.ts';
import { requireLength } from './limits.ts';
import { commitBody } from './objects.ts';
import { isoSeconds, quoted, xmlResponse, type S3, type S3Request } from './s3.ts';
import { getUpload, replacePart, type Part, type Upload } from './uploads.ts';

/** "Amazon S3 multipart upload limits". */
const PART_NUMBER_MAX = 10_000;

export async function uploadPart(s3: S3, request: S3Request): Promise<Response> {
  readPartNumber(request);
  const upload = getUpload(s3, request);
  requireLength(request);
  const expected = expectedChecksum(request);
  const algorithm = upload.checksumAlgorithm ?? expected?.algorithm;
  if (expected && expected.algorithm !== algorithm) {
    throw new AwsError(
      'InvalidRequest',
      400,
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm?.toLowerCase()}, actual checksum Type: ${expected.algorithm.toLowerCase()}`,
    );
  }
  const body = await s3.bodies.receive(request.body, algorithm ? [algorithm] : [], (received) => {
    checkLength(received, request);
    checkIntegrity(received, request, expected);
  });
  const part = keepPart(s3, request, body, algorithm);
  return new Response(null, { headers: { etag: quoted(part.etag), ...checksumHeaders(part.checksum) } });
}

export async function uploadPartCopy(s3: S3, request: S3Request): Promise<Response> {
  readPartNumber(request);
  const { checksumAlgorithm } = getUpload(s3, request);
  const source = copySource(s3, request);
  const { start, end } = readSourceRange(request.headers.get('x-amz-copy-source-range'), source.size);
  const body = await s3.bodies.receive(
    s3.bodies.read(source.body, start, end),
    checksumAlgorithm ? [checksumAlgorithm] : [],
  );
  const part = keepPart(s3, request, body, checksumAlgorithm);
  return xmlResponse('CopyPartResult', {
    LastModified: isoSeconds(part.modifiedMs),
    ETag: quoted(part.etag),
    ...checksumElements(part.checksum),
  });
}

/** The upload may have ended while the part came; then there is no such upload, and the part goes. */
function keepPart(s3: S3, request: S3Request, body: Body, algorithm: Upload['checksumAlgorithm']): Part {
  const part = {
    partNumber: readPartNumber(request),
    body: body.name,
    size: body.size,
    etag: body.md5,
    checksum: checksumOf(body, algorithm),
    modifiedMs: s3.parts.clock.now(),
  };
  commitBody(s3, body, () => replacePart(s3, getUpload(s3, request).uploadId, part));
  return part;
}

function readPartNumber({ query }: S3Request): number {
  const text = query.get('partNumber') ?? '';
  const partNumber = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (partNumber >= 1 && partNumber <= PART_NUMBER_MAX) return partNumber;
  throw new AwsError(
    'InvalidArgument',
    400,
    `Part number must be an integer between 1 and ${PART_NUMBER_MAX}, inclusive`,
    {
      ArgumentName: 'partNumber',
      ArgumentValue: text,
    },
  );
}

/** `bytes=first-last`, both given and both there. */
function readSourceRange(header: string | null, size: number): { start: number; end: number } {
  if (header === null) return { start: 0, end: size };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (first !== undefined && Number(first) <= Number(last) && Number(last) < size) {
    return { start: Number(first), end: Number(last) + 1 };
  }
  throw new AwsError('InvalidArgument', 400, `Range specified is not valid for source object of size: ${size}`, {
    ArgumentName: 'x-amz-copy-source-range',
    ArgumentValue: header,
  });
}
