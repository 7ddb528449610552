/** The source of CopyObject and UploadPartCopy: found, allowed, and opened for reading. */
import { AwsError } from '../errors.ts';
import { decodePath } from '../signature.ts';
import { findBucket } from './buckets.ts';
import { checkReadConditions } from './conditions.ts';
import { getObject, isReadable, type StoredObject } from './objects.ts';
import { invalidState } from './restore-object.ts';
import type { S3, S3Request } from './s3.ts';

/** Reads `x-amz-copy-source: /bucket/key?versionId=…`, percent-encoded. Throws AwsError when it cannot be copied. */
export function copySource(s3: S3, { headers }: S3Request): StoredObject {
  const source = headers.get('x-amz-copy-source') ?? '';
  const [rawPath = '', version] = source.split('?versionId=', 2);
  const path = decodePath(rawPath).replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 1 || slash === path.length - 1)
    throw invalid('Copy Source must mention the source bucket and key: sourcebucket/sourcekey', source);
  if (version !== undefined && version !== 'null') throw invalid('Invalid version id specified', source);
  findBucket(s3, path.slice(0, slash));
  const object = getObject(s3, path.slice(0, slash), path.slice(slash + 1));
  checkReadConditions(object, headers, 'x-amz-copy-source-');
  if (!isReadable(object)) {
    throw invalidState(object, "Operation is not valid for the source object's storage class");
  }
  return object;
}

function invalid(message: string, ArgumentValue: string): AwsError {
  return new AwsError('InvalidArgument', 400, message, { ArgumentName: 'x-amz-copy-source', ArgumentValue });
}
