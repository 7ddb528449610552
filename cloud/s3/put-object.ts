/** PutObject: the body goes to disk, is proven to be the one that was meant, and only then becomes the object. */
import { findBucket } from './buckets.ts';
import { checkIntegrity, checkLength, checksumHeaders, checksumOf, expectedChecksum } from './checksums.ts';
import { checkWriteConditions } from './conditions.ts';
import { checkKey, requireLength } from './limits.ts';
import { readMetadata, readStorageClass } from './metadata.ts';
import { commitBody, findObject, replaceObject, type StoredObject } from './objects.ts';
import { quoted, type S3, type S3Request } from './s3.ts';

export async function putObject(s3: S3, request: S3Request): Promise<Response> {
  const { bucket, key, headers } = request;
  findBucket(s3, bucket);
  checkKey(key);
  requireLength(request);
  const described = { ...readMetadata(headers), storageClass: readStorageClass(headers) };
  const expected = expectedChecksum(request);
  // Asked before the body as well, so that a put that must fail does not first send gigabytes.
  checkWriteConditions(key, findObject(s3, bucket, key), headers);

  const algorithms = expected ? [expected.algorithm] : [];
  const body = await s3.bodies.receive(request.body, algorithms, (received) => {
    checkLength(received, request);
    checkIntegrity(received, request, expected);
  });
  const object: StoredObject = {
    bucket,
    key,
    ...described,
    body: body.name,
    size: body.size,
    etag: body.md5,
    checksum: checksumOf(body, expected?.algorithm),
    modifiedMs: s3.parts.clock.now(),
    uploadId: undefined,
    restore: undefined,
  };
  commitBody(s3, body, () => {
    findBucket(s3, bucket);
    checkWriteConditions(key, findObject(s3, bucket, key), headers);
    s3.outbox.emit({ name: 'ObjectCreated:Put', object, requestId: request.requestId });
    return replaceObject(s3, object);
  });
  return new Response(null, { headers: { etag: quoted(object.etag), ...checksumHeaders(object.checksum) } });
}
