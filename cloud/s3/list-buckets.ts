/** ListBuckets. */
import { ACCOUNT_ID } from '../service.ts';
import { allBuckets } from './buckets.ts';
import { numberParameter } from './document.ts';
import { isoSeconds, xmlResponse, type S3, type S3Request } from './s3.ts';

const BUCKETS_MAX = 10_000;

export function listBuckets(s3: S3, { query }: S3Request): Response {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const max = numberParameter(query, 'max-buckets', { fallback: BUCKETS_MAX, max: BUCKETS_MAX, min: 1 });
  const all = allBuckets(s3).filter(({ name }) => name.startsWith(prefix) && name > after);
  const page = all.slice(0, max);
  return xmlResponse('ListAllMyBucketsResult', {
    Owner: { ID: ACCOUNT_ID },
    Buckets: {
      Bucket: page.map(({ name, createdMs }) => ({
        Name: name,
        CreationDate: isoSeconds(createdMs),
        BucketRegion: s3.parts.region,
      })),
    },
    Prefix: prefix || undefined,
    ContinuationToken: page.length < all.length ? page.at(-1)?.name : undefined,
  });
}
