/** AbortMultipartUpload: the upload and all its parts are gone. */
import { findBucket } from './buckets.ts';
import { change } from './objects.ts';
import type { S3, S3Request } from './s3.ts';
import { getUpload, removeUpload } from './uploads.ts';

export function abortMultipartUpload(s3: S3, request: S3Request): Response {
  findBucket(s3, request.bucket);
  change(s3, () => removeUpload(s3, getUpload(s3, request).uploadId));
  return new Response(null, { status: 204 });
}
