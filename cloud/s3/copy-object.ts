/**
 * CopyObject: also how an object changes its storage class or its metadata, and how a restored one comes back for good.
 */
import { AwsError } from '../errors.ts';
import { findBucket } from './buckets.ts';
import { checksumElements, checksumOf, parseAlgorithm } from './checksums.ts';
import { checkWriteConditions } from './conditions.ts';
import { copySource } from './copy-source.ts';
import { checkKey } from './limits.ts';
import { readMetadata, readStorageClass, refuseUnkept, type ObjectMetadata, type StorageClass } from './metadata.ts';
import { commitBody, findObject, replaceObject, type StoredObject } from './objects.ts';
import { isoSeconds, quoted, xmlResponse, type S3, type S3Request } from './s3.ts';

/** 5 GiB ("CopyObject", API Reference); larger ones are copied by parts. */
const COPY_BYTES_MAX = 5 * 1024 ** 3;

export async function copyObject(s3: S3, request: S3Request): Promise<Response> {
  const { bucket, key, headers, requestId } = request;
  findBucket(s3, bucket);
  checkKey(key);
  const source = copySource(s3, request);
  const storageClass = readStorageClass(headers);
  const described = readDirective(headers) === 'REPLACE' ? readMetadata(headers) : keptMetadata(source, headers);
  checkChanges(source, request, storageClass);
  checkWriteConditions(key, findObject(s3, bucket, key), headers);
  if (source.size > COPY_BYTES_MAX) {
    throw new AwsError(
      'InvalidRequest',
      400,
      `The specified copy source is larger than the maximum allowable size for a copy source: ${COPY_BYTES_MAX}`,
    );
  }

  const asked = headers.get('x-amz-checksum-algorithm');
  const algorithm = asked === null ? source.checksum?.algorithm : parseAlgorithm(asked);
  const body = await s3.bodies.receive(s3.bodies.read(source.body, 0, source.size), algorithm ? [algorithm] : []);
  const object: StoredObject = {
    bucket,
    key,
    ...described,
    body: body.name,
    size: body.size,
    etag: body.md5,
    checksum: checksumOf(body, algorithm),
    storageClass,
    modifiedMs: s3.parts.clock.now(),
    uploadId: undefined,
    restore: undefined,
  };
  commitBody(s3, body, () => {
    findBucket(s3, bucket);
    checkWriteConditions(key, findObject(s3, bucket, key), headers);
    s3.outbox.emit({ name: 'ObjectCreated:Copy', object, requestId });
    return replaceObject(s3, object);
  });
  return xmlResponse('CopyObjectResult', {
    LastModified: isoSeconds(object.modifiedMs),
    ETag: quoted(object.etag),
    ...checksumElements(object.checksum),
  });
}

function readDirective(headers: Headers): string {
  const directive = headers.get('x-amz-metadata-directive') ?? 'COPY';
  if (directive === 'COPY' || directive === 'REPLACE') return directive;
  throw new AwsError('InvalidArgument', 400, 'Unknown metadata directive.', {
    ArgumentName: 'x-amz-metadata-directive',
    ArgumentValue: directive,
  });
}

/** The source's, but what the request asks that cannot be kept is refused all the same. */
function keptMetadata({ headers, metadata }: StoredObject, requestHeaders: Headers): ObjectMetadata {
  refuseUnkept(requestHeaders);
  return { headers, metadata };
}

/** Copying an object onto itself is for changing something. */
function checkChanges(source: StoredObject, { bucket, key, headers }: S3Request, storageClass: StorageClass): void {
  const isItself = source.bucket === bucket && source.key === key;
  if (!isItself || readDirective(headers) === 'REPLACE' || storageClass !== source.storageClass) return;
  if (headers.has('x-amz-checksum-algorithm')) return;
  throw new AwsError(
    'InvalidRequest',
    400,
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}
