/** ListParts and ListMultipartUploads: what is under way. */
import { notImplemented } from '../errors.ts';
import { ACCOUNT_ID } from '../service.ts';
import { findBucket } from './buckets.ts';
import { checksumElements } from './checksums.ts';
import { numberParameter } from './document.ts';
import { encoder } from './list-objects-v2.ts';
import { isoSeconds, quoted, xmlResponse, type S3, type S3Request } from './s3.ts';
import { getUpload, listPartsAfter, listUploads } from './uploads.ts';

const PAGE_MAX = 1000;

export function listParts(s3: S3, request: S3Request): Response {
  const { bucket, key, query } = request;
  const upload = getUpload(s3, request);
  const max = numberParameter(query, 'max-parts', { fallback: PAGE_MAX, max: PAGE_MAX });
  const marker = numberParameter(query, 'part-number-marker', { fallback: 0, max: Number.MAX_SAFE_INTEGER });
  const found = listPartsAfter(s3, upload.uploadId, marker, max + 1);
  const page = found.slice(0, max);
  return xmlResponse('ListPartsResult', {
    Bucket: bucket,
    Key: key,
    UploadId: upload.uploadId,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.partNumber ?? marker,
    MaxParts: max,
    IsTruncated: found.length > max,
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: isoSeconds(part.modifiedMs),
      ETag: quoted(part.etag),
      Size: part.size,
      ...checksumElements(part.checksum),
    })),
    Initiator: { ID: ACCOUNT_ID },
    Owner: { ID: ACCOUNT_ID },
    StorageClass: upload.storageClass,
    ChecksumAlgorithm: upload.checksumAlgorithm,
    ChecksumType: upload.checksumType,
  });
}

export function listMultipartUploads(s3: S3, { bucket, query }: S3Request): Response {
  findBucket(s3, bucket);
  if (query.get('delimiter')) throw notImplemented('S3', 'ListMultipartUploads with a delimiter');
  const prefix = query.get('prefix') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const uploadIdMarker = query.get('upload-id-marker') ?? '';
  const max = numberParameter(query, 'max-uploads', { fallback: PAGE_MAX, max: PAGE_MAX, min: 1 });
  const encode = encoder(query.get('encoding-type'));
  const found = listUploads(s3, { bucket, prefix, keyMarker, uploadIdMarker, limit: max + 1 });
  const page = found.slice(0, max);
  const last = found.length > max ? page.at(-1) : undefined;
  return xmlResponse('ListMultipartUploadsResult', {
    Bucket: bucket,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: uploadIdMarker,
    NextKeyMarker: last && encode(last.key),
    NextUploadIdMarker: last?.uploadId,
    Prefix: encode(prefix),
    EncodingType: query.get('encoding-type') ?? undefined,
    MaxUploads: max,
    IsTruncated: last !== undefined,
    Upload: page.map((upload) => ({
      Key: encode(upload.key),
      UploadId: upload.uploadId,
      Initiator: { ID: ACCOUNT_ID },
      Owner: { ID: ACCOUNT_ID },
      StorageClass: upload.storageClass,
      Initiated: isoSeconds(upload.initiatedMs),
      ChecksumAlgorithm: upload.checksumAlgorithm,
      ChecksumType: upload.checksumType,
    })),
  });
}
