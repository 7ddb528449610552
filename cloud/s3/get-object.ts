/**
 * GetObject and HeadObject. The file goes to Bun, which sends it without holding it, answers a `Range` of one part with
 * 206 by itself, and closes it when the client goes away (measured on 1.4.5: 1.9 GB/s; a stream of ours 1.3 and without
 * Content-Length; a descriptor of ours is never closed). What must fail is decided here first.
 */
import { notImplemented } from '../errors.ts';
import { findBucket } from './buckets.ts';
import { checksumHeaders } from './checksums.ts';
import { checkReadConditions } from './conditions.ts';
import { expirationHeaders } from './lifecycle.ts';
import { metadataHeaders } from './metadata.ts';
import { getObject as findOrThrow, isReadable, type StoredObject } from './objects.ts';
import { readRange } from './range.ts';
import { invalidState, restoreHeaders } from './restore-object.ts';
import { quoted, type S3, type S3Request } from './s3.ts';

/** Bun tells the name of the file it sends unless it is told otherwise; `inline` says as little as no header does. */
const NAMELESS = { 'content-disposition': 'inline' };

export function getObject(s3: S3, request: S3Request): Response {
  const { object, headers } = readObject(s3, request);
  const range = readRange(request.headers, object);
  if (!isReadable(object)) {
    throw invalidState(object, "The operation is not valid for the object's storage class");
  }
  if (range === undefined) Object.assign(headers, fullBodyHeaders(object, request));
  return new Response(s3.bodies.file(object.body), { headers });
}

/** HeadObject: the same answer without the body. An archived object may be looked at. */
export function headObject(s3: S3, request: S3Request): Response {
  const { object, headers } = readObject(s3, request);
  const range = readRange(request.headers, object);
  if (range === undefined) {
    return new Response(null, {
      headers: { ...headers, ...fullBodyHeaders(object, request), 'content-length': String(object.size) },
    });
  }
  const { start, end } = range;
  return new Response(null, {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(end - start),
      'content-range': `bytes ${start}-${end - 1}/${object.size}`,
    },
  });
}

function readObject(s3: S3, request: S3Request): { object: StoredObject; headers: Record<string, string> } {
  if (request.query.has('partNumber')) throw notImplemented('S3', 'partNumber of GetObject and HeadObject');
  findBucket(s3, request.bucket);
  const object = findOrThrow(s3, request.bucket, request.key);
  checkReadConditions(object, request.headers);
  return {
    object,
    headers: {
      ...NAMELESS,
      ...metadataHeaders(object, request),
      'accept-ranges': 'bytes',
      etag: quoted(object.etag),
      'last-modified': new Date(object.modifiedMs).toUTCString(),
      ...storageHeaders(object),
      ...expirationHeaders(s3, object),
    },
  };
}

function storageHeaders(object: StoredObject): Record<string, string> {
  if (object.storageClass === 'STANDARD') return {};
  return { 'x-amz-storage-class': object.storageClass, ...restoreHeaders(object) };
}

/** Checksums are said when they are asked for, and only of the whole. */
function fullBodyHeaders({ checksum }: StoredObject, { headers }: S3Request): Record<string, string> {
  return headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' ? checksumHeaders(checksum) : {};
}
