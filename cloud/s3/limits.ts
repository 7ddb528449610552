/** What S3 does not take: names, keys and sizes beyond its limits. */
import { AwsError } from '../errors.ts';
import type { S3Request } from './s3.ts';

/** "Creating object key names", Amazon S3 User Guide: 1,024 bytes of UTF-8. */
const KEY_BYTES_MAX = 1024;

/** PutObject and UploadPart: 5 GiB ("Amazon S3 multipart upload limits"). */
const PUT_BYTES_MAX = 5 * 1024 ** 3;

/** Throws KeyTooLongError. */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes <= KEY_BYTES_MAX) return;
  throw new AwsError('KeyTooLongError', 400, 'Your key is too long', {
    Size: String(bytes),
    MaxSizeAllowed: String(KEY_BYTES_MAX),
  });
}

/** A body must say its length before it comes. Throws MissingContentLength or EntityTooLarge. */
export function requireLength({ headers }: S3Request): void {
  const said = headers.get('x-amz-decoded-content-length') ?? headers.get('content-length');
  if (said === null)
    throw new AwsError('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  if (Number(said) > PUT_BYTES_MAX) throw tooLarge(Number(said), PUT_BYTES_MAX);
}

export function tooLarge(bytes: number, bytesMax: number): AwsError {
  return new AwsError('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', {
    ProposedSize: String(bytes),
    MaxSizeAllowed: String(bytesMax),
  });
}

/** "General purpose bucket naming rules", Amazon S3 User Guide. Throws InvalidBucketName. */
export function checkBucketName(name: string): void {
  const isName =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!isName) throw new AwsError('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: name });
}
