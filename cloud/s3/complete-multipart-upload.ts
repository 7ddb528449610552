/**
 * CompleteMultipartUpload: the parts the client lists become one body. What is hard is that parts may be replaced or
 * the upload aborted while the bytes are being joined, and that a client whose answer was lost asks again.
 */
import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { Bytes } from '../wire/body.ts';
import { childrenNamed, childText, type XmlElement } from '../wire/xml-reader.ts';
import type { Body } from './bodies.ts';
import { findBucket } from './buckets.ts';
import { badDigest, checksumElements, checksumHeader, digester, type Checksum } from './checksums.ts';
import { checkWriteConditions } from './conditions.ts';
import { malformedXml, readUncheckedDocument } from './document.ts';
import { commitBody, findObject, replaceObject, type StoredObject } from './objects.ts';
import { quoted, xmlResponse, type S3, type S3Request } from './s3.ts';
import { findPart, findUpload, noSuchUpload, removeUpload, type Part, type Upload } from './uploads.ts';

/** Every part but the last: 5 MiB ("Amazon S3 multipart upload limits"). */
const PART_BYTES_MIN = 5 * 1024 * 1024;

export async function completeMultipartUpload(s3: S3, request: S3Request): Promise<Response> {
  const { bucket, key, headers, query, requestId } = request;
  findBucket(s3, bucket);
  const document = await readUncheckedDocument(request, 'CompleteMultipartUpload');
  const upload = findUpload(s3, request);
  if (!upload) {
    const existing = findObject(s3, bucket, key);
    if (existing?.uploadId === query.get('uploadId') && existing) return completed(s3, existing);
    throw noSuchUpload(request);
  }
  const parts = readParts(s3, upload, document);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const saidSize = headers.get('x-amz-mp-object-size');
  if (saidSize !== null && Number(saidSize) !== size) {
    throw new AwsError(
      'InvalidRequest',
      400,
      `The provided 'x-amz-mp-object-size' header value ${saidSize} does not match what was computed: ${size}`,
    );
  }
  checkWriteConditions(key, findObject(s3, bucket, key), headers);

  const isFull = upload.checksumType === 'FULL_OBJECT' && upload.checksumAlgorithm;
  const body = await s3.bodies.receive(joined(s3, request, parts), isFull ? [isFull] : []);
  const object: StoredObject = {
    bucket,
    key,
    headers: upload.headers,
    metadata: upload.metadata,
    body: body.name,
    size: body.size,
    etag: `${md5OfMd5s(parts)}-${parts.length}`,
    checksum: objectChecksum(upload, parts, body),
    storageClass: upload.storageClass,
    modifiedMs: s3.parts.clock.now(),
    uploadId: upload.uploadId,
    restore: undefined,
  };
  commitBody(s3, body, () => {
    if (!findUpload(s3, request)) throw noSuchUpload(request);
    checkSaidChecksum(object.checksum, headers);
    checkWriteConditions(key, findObject(s3, bucket, key), headers);
    s3.outbox.emit({ name: 'ObjectCreated:CompleteMultipartUpload', object, requestId });
    return [...replaceObject(s3, object), ...removeUpload(s3, upload.uploadId)];
  });
  return completed(s3, object);
}

function completed(s3: S3, object: StoredObject): Response {
  return xmlResponse('CompleteMultipartUploadResult', {
    Location: `${s3.parts.url()}/${object.bucket}/${encodeURIComponent(object.key)}`,
    Bucket: object.bucket,
    Key: object.key,
    ETag: quoted(object.etag),
    ...checksumElements(object.checksum),
  });
}

/** The parts the document lists, checked against those that came. */
function readParts(s3: S3, { uploadId }: Upload, document: XmlElement): Part[] {
  const listed = childrenNamed(document, 'Part');
  if (listed.length === 0) throw malformedXml('It must list at least one part.');
  const parts = listed.map((element) => {
    const partNumber = Number(childText(element, 'PartNumber'));
    const part = Number.isInteger(partNumber) ? findPart(s3, uploadId, partNumber) : undefined;
    const etag = childText(element, 'ETag')?.replaceAll('"', '');
    const checksum = part?.checksum && childText(element, `Checksum${part.checksum.algorithm}`);
    if (!part || part.etag !== etag || (checksum !== undefined && checksum !== part.checksum?.value))
      throw invalidPart(partNumber);
    return part;
  });
  parts.forEach((part, index) => {
    const before = parts[index - 1];
    if (before && before.partNumber >= part.partNumber) {
      throw new AwsError(
        'InvalidPartOrder',
        400,
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
      );
    }
    if (before && before.size < PART_BYTES_MIN) {
      throw new AwsError('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
        ETag: before.etag,
        MinSizeAllowed: String(PART_BYTES_MIN),
        PartNumber: String(before.partNumber),
        ProposedSize: String(before.size),
      });
    }
  });
  return parts;
}

/** The bytes of all parts; each is opened in the turn in which it is seen to be still there. */
async function* joined(s3: S3, request: S3Request, parts: readonly Part[]): Bytes {
  for (const part of parts) {
    const upload = findUpload(s3, request);
    if (!upload) throw noSuchUpload(request);
    if (findPart(s3, upload.uploadId, part.partNumber)?.body !== part.body) throw invalidPart(part.partNumber);
    yield* s3.bodies.read(part.body, 0, part.size);
  }
}

function md5OfMd5s(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(etag, 'hex');
  return hash.digest('hex');
}

function objectChecksum(
  { checksumAlgorithm: algorithm, checksumType: type }: Upload,
  parts: readonly Part[],
  body: Body,
): Checksum | undefined {
  if (!algorithm || !type) return undefined;
  if (type === 'FULL_OBJECT') return { algorithm, type, value: body.checksums.get(algorithm) ?? '' };
  const composite = digester(algorithm);
  for (const { checksum } of parts) composite.update(Buffer.from(checksum?.value ?? '', 'base64'));
  return { algorithm, type, value: `${composite.digest()}-${parts.length}` };
}

/** The client may say what checksum it expects of the whole. */
function checkSaidChecksum(checksum: Checksum | undefined, headers: Headers): void {
  if (!checksum) return;
  const said = headers.get(checksumHeader(checksum.algorithm));
  if (said !== null && said !== checksum.value) throw badDigest(checksum.algorithm);
}

function invalidPart(partNumber: number): AwsError {
  return new AwsError(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { PartNumber: String(partNumber) },
  );
}
