/** CreateMultipartUpload: says what the object will be; its bytes come in parts. */
import { AwsError } from '../errors.ts';
import { findBucket } from './buckets.ts';
import { parseAlgorithm, type Checksum, type ChecksumAlgorithm } from './checksums.ts';
import { checkKey } from './limits.ts';
import { readMetadata, readStorageClass } from './metadata.ts';
import { xmlResponse, type S3, type S3Request } from './s3.ts';
import { insertUpload } from './uploads.ts';

export function createMultipartUpload(s3: S3, { bucket, key, headers }: S3Request): Response {
  findBucket(s3, bucket);
  checkKey(key);
  const uploadId = crypto.randomUUID().replaceAll('-', '');
  const asked = headers.get('x-amz-checksum-algorithm');
  const checksumAlgorithm = asked === null ? undefined : parseAlgorithm(asked);
  const checksumType = checksumAlgorithm && readType(headers.get('x-amz-checksum-type'), checksumAlgorithm);
  insertUpload(s3, {
    uploadId,
    bucket,
    key,
    ...readMetadata(headers),
    storageClass: readStorageClass(headers),
    checksumAlgorithm,
    checksumType,
    initiatedMs: s3.parts.clock.now(),
  });
  return xmlResponse(
    'InitiateMultipartUploadResult',
    { Bucket: bucket, Key: key, UploadId: uploadId },
    checksumAlgorithm && checksumType
      ? { 'x-amz-checksum-algorithm': checksumAlgorithm, 'x-amz-checksum-type': checksumType }
      : {},
  );
}

/** "Multipart uploads and checksums": composite unless said otherwise; a SHA of the whole cannot be asked for. */
function readType(asked: string | null, algorithm: ChecksumAlgorithm): Checksum['type'] {
  if (asked === null || asked === 'COMPOSITE') return 'COMPOSITE';
  if (asked === 'FULL_OBJECT' && algorithm.startsWith('CRC')) return asked;
  throw new AwsError(
    'InvalidRequest',
    400,
    `The ${asked} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}
