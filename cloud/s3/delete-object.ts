/** DeleteObject and DeleteObjects. What is not there counts as deleted. */
import { AwsError } from '../errors.ts';
import { childrenNamed, childText } from '../wire/xml-reader.ts';
import { findBucket } from './buckets.ts';
import { malformedXml, readDocument } from './document.ts';
import { change, findObject, removeObject } from './objects.ts';
import { xmlResponse, type S3, type S3Request } from './s3.ts';

/** DeleteObjects: "a list of up to 1,000 keys". */
const KEYS_MAX = 1000;

export function deleteObject(s3: S3, { bucket, key, requestId, headers }: S3Request): Response {
  change(s3, () => {
    findBucket(s3, bucket);
    checkIfMatch(s3, bucket, key, headers.get('if-match'));
    return remove(s3, bucket, key, requestId);
  });
  return new Response(null, { status: 204 });
}

export async function deleteObjects(s3: S3, request: S3Request): Promise<Response> {
  const { bucket, requestId } = request;
  findBucket(s3, bucket);
  const document = await readDocument(request, 'Delete');
  const isQuiet = childText(document, 'Quiet') === 'true';
  const objects = childrenNamed(document, 'Object').map((object) => ({
    key: childText(object, 'Key') ?? '',
    ifMatch: childText(object, 'ETag') ?? null,
  }));
  if (objects.length === 0 || objects.length > KEYS_MAX) throw malformedXml(`It must name 1 to ${KEYS_MAX} objects.`);

  const deleted: { Key: string }[] = [];
  const errors: { Key: string; Code: string; Message: string }[] = [];
  change(s3, () => {
    findBucket(s3, bucket);
    return objects.flatMap(({ key, ifMatch }) => {
      try {
        checkIfMatch(s3, bucket, key, ifMatch);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        errors.push({ Key: key, Code: error.code, Message: error.message });
        return [];
      }
      deleted.push({ Key: key });
      return remove(s3, bucket, key, requestId);
    });
  });
  return xmlResponse('DeleteResult', { Deleted: isQuiet ? [] : deleted, Error: errors });
}

function remove(s3: S3, bucket: string, key: string, requestId: string): string[] {
  const object = findObject(s3, bucket, key);
  if (!object) return [];
  s3.outbox.emit({ name: 'ObjectRemoved:Delete', object, requestId });
  return removeObject(s3, bucket, key);
}

/** A conditional delete: only this very object. */
function checkIfMatch(s3: S3, bucket: string, key: string, ifMatch: string | null): void {
  if (ifMatch === null) return;
  const object = findObject(s3, bucket, key);
  const wanted = ifMatch.replaceAll('"', '');
  if (!object || (wanted !== '*' && wanted !== object.etag)) {
    throw new AwsError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
      Condition: 'If-Match',
    });
  }
}
