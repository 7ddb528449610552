/** ListObjectsV2. A continuation token says where the next page begins. */
import { AwsError } from '../errors.ts';
import { ACCOUNT_ID } from '../service.ts';
import { encodeUri } from '../signature.ts';
import { findBucket } from './buckets.ts';
import { numberParameter } from './document.ts';
import { afterKey, listPage } from './listing.ts';
import { getObject, type StoredObject } from './objects.ts';
import { isoSeconds, quoted, xmlResponse, type S3, type S3Request } from './s3.ts';
import type { XmlValue } from '../wire/xml.ts';

const KEYS_MAX = 1000;

export function listObjectsV2(s3: S3, { bucket, query }: S3Request): Response {
  findBucket(s3, bucket);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const max = numberParameter(query, 'max-keys', { fallback: KEYS_MAX, max: KEYS_MAX });
  const encode = encoder(query.get('encoding-type'));

  const from = token === null ? startAfter && afterKey(startAfter) : readToken(token);
  const { listed, next } = listPage(s3, { bucket, prefix, delimiter, from: from ?? '', max });
  const owner = query.get('fetch-owner') === 'true' ? { Owner: { ID: ACCOUNT_ID } } : {};
  return xmlResponse('ListBucketResult', {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    StartAfter: startAfter === null ? undefined : encode(startAfter),
    EncodingType: query.get('encoding-type') ?? undefined,
    MaxKeys: max,
    KeyCount: listed.length,
    IsTruncated: next !== undefined,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: next === undefined ? undefined : writeToken(next),
    Contents: listed.flatMap((each) =>
      'key' in each ? [{ ...contents(getObject(s3, bucket, each.key), encode), ...owner }] : [],
    ),
    CommonPrefixes: listed.flatMap((each) => ('prefix' in each ? [{ Prefix: encode(each.prefix) }] : [])),
  });
}

/** How names are written: XML cannot say every character, so clients may ask for percent-encoding. */
export function encoder(encodingType: string | null): (text: string) => string {
  if (encodingType === null) return (text) => text;
  if (encodingType === 'url') return (text) => text.split('/').map(encodeUri).join('/');
  throw new AwsError('InvalidArgument', 400, 'Invalid Encoding Method specified in Request', {
    ArgumentName: 'encoding-type',
    ArgumentValue: encodingType,
  });
}

function contents(object: StoredObject, encode: (text: string) => string): { readonly [name: string]: XmlValue } {
  return {
    Key: encode(object.key),
    LastModified: isoSeconds(object.modifiedMs),
    ETag: quoted(object.etag),
    ChecksumAlgorithm: object.checksum?.algorithm,
    ChecksumType: object.checksum?.type,
    Size: object.size,
    StorageClass: object.storageClass,
  };
}

function writeToken(from: string): string {
  return Buffer.from(from).toString('base64url');
}

function readToken(token: string): string {
  const from = Buffer.from(token, 'base64url').toString();
  if (token !== '' && writeToken(from) === token) return from;
  throw new AwsError('InvalidArgument', 400, 'The continuation token provided is incorrect', {
    ArgumentName: 'continuation-token',
  });
}
