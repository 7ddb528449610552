/** What is said of an object beside its bytes: the HTTP headers kept with it, the user's metadata, its storage class. */
import { AwsError, notImplemented } from '../errors.ts';
import type { S3Request } from './s3.ts';

/** Header names (lower case) and values to give back on GET. */
export type KeptHeaders = Record<string, string>;

/** x-amz-meta-* without the prefix. */
export type UserMetadata = Record<string, string>;

export type StorageClass = 'STANDARD' | 'GLACIER' | 'DEEP_ARCHIVE';

const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

const METADATA_PREFIX = 'x-amz-meta-';

/** "User-defined object metadata", Amazon S3 User Guide: 2 KB, counting names and values in UTF-8. */
const METADATA_BYTES_MAX = 2048;

/** Headers that ask for something this cloud would not really do; better refused than believed. */
const REFUSED = /^x-amz-(server-side-encryption|tagging|object-lock|website-redirect-location|grant)/;

const STORAGE_CLASSES: readonly StorageClass[] = ['STANDARD', 'GLACIER', 'DEEP_ARCHIVE'];

/** What S3 has besides, which would change nothing here but the price; not carried. */
const OTHER_STORAGE_CLASSES =
  /^(REDUCED_REDUNDANCY|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|GLACIER_IR|OUTPOSTS|SNOW|EXPRESS_ONEZONE)$/;

export interface ObjectMetadata {
  headers: KeptHeaders;
  metadata: UserMetadata;
}

/** Reads what a request says of the object it makes. Throws AwsError for what cannot be kept. */
export function readMetadata(headers: Headers): ObjectMetadata {
  refuseUnkept(headers);
  const kept: KeptHeaders = { 'content-type': DEFAULT_CONTENT_TYPE };
  for (const name of KEPT) {
    const value = name === 'content-encoding' ? withoutFraming(headers.get(name)) : headers.get(name);
    if (value) kept[name] = value;
  }
  const metadata: UserMetadata = {};
  for (const [name, value] of headers) {
    if (name.startsWith(METADATA_PREFIX)) metadata[name.slice(METADATA_PREFIX.length)] = value;
  }
  const bytes = Object.entries(metadata).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (bytes > METADATA_BYTES_MAX) {
    throw new AwsError('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(bytes),
      MaxSizeAllowed: String(METADATA_BYTES_MAX),
    });
  }
  return { headers: kept, metadata };
}

/** The storage class a request asks for. */
export function readStorageClass(headers: Headers): StorageClass {
  const asked = headers.get('x-amz-storage-class') ?? 'STANDARD';
  const storageClass = STORAGE_CLASSES.find((each) => each === asked);
  if (storageClass) return storageClass;
  if (OTHER_STORAGE_CLASSES.test(asked)) throw notImplemented('S3', `storage class ${asked}`);
  throw new AwsError('InvalidStorageClass', 400, 'The storage class you specified is not valid', {
    StorageClassRequested: asked,
  });
}

/** An object's metadata as headers of an answer; the request may replace some by `response-…` parameters (GetObject). */
export function metadataHeaders({ headers, metadata }: ObjectMetadata, { query }: S3Request): Record<string, string> {
  const said = { ...headers };
  for (const name of KEPT) {
    const replacement = query.get(`response-${name}`);
    if (replacement !== null) said[name] = replacement;
  }
  for (const [name, value] of Object.entries(metadata)) said[METADATA_PREFIX + name] = value;
  return said;
}

/** Throws AwsError when a request asks for what would not be done. */
export function refuseUnkept(headers: Headers): void {
  for (const name of headers.keys()) if (REFUSED.test(name)) throw notImplemented('S3', name);
  const acl = headers.get('x-amz-acl');
  if (acl !== null && acl !== 'private' && acl !== 'bucket-owner-full-control') {
    throw new AwsError('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');
  }
}

/** `aws-chunked` describes the transfer, not the object. */
function withoutFraming(contentEncoding: string | null): string {
  return (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'aws-chunked')
    .join(', ');
}
