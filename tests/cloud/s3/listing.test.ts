/** ListObjectsV2 against a model: every key once, in the order of its bytes, rolled up by the delimiter, page by page. */
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { afterPrefix } from '../../../cloud/s3/listing.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from './failure.ts';

const Bucket = 'listing';
let cloud: TestCloud;
let s3: S3Client;
const keys = [
  'a',
  'a/',
  'a/b',
  'a/b/c',
  'a/b/d',
  'a0',
  'b/1',
  'b/2',
  'b/3/x',
  'c d/e+f',
  'c d/é',
  'z//z',
  'z//zz',
  '\u{ffff}',
  '\u{1f600}/1',
  '\u{1f600}/2',
  '\u{10ffff}/x',
  '\u{10ffff}\u{10ffff}',
  'odd\u0001&<>"',
];

beforeAll(async () => {
  cloud = await startTestCloud();
  s3 = new S3Client(cloud.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await Promise.all(keys.map((Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))));
});

afterAll(async () => {
  s3.destroy();
  await cloud.stop();
});

/** What a listing must be: keys and common prefixes, each once, in the order of their UTF-8 bytes. */
function model(prefix: string, delimiter: string, startAfter: string): string[] {
  const bytewise = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const listed = keys
    .filter((key) => key.startsWith(prefix) && (startAfter === '' || bytewise(key, startAfter) > 0))
    .map((key) => {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return end < 0 ? key : key.slice(0, end + delimiter.length);
    });
  return [...new Set(listed)].sort(bytewise);
}

async function listAll(prefix: string, delimiter: string, startAfter: string, max: number): Promise<string[]> {
  const listed: string[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < 100; pages++) {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: prefix,
        Delimiter: delimiter || undefined,
        StartAfter: startAfter || undefined,
        MaxKeys: max,
        ContinuationToken: token,
        EncodingType: 'url',
      }),
    );
    const here = [
      ...(page.Contents ?? []).map(({ Key }) => Key ?? ''),
      ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''),
    ].map(decodeURIComponent);
    expect(here.length).toBe(page.KeyCount ?? -1);
    expect(here.length).toBeLessThanOrEqual(max);
    listed.push(...here);
    expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined);
    token = page.NextContinuationToken;
    if (token === undefined) return listed;
    expect(here.length).toBe(max);
  }
  throw new Error('The listing does not end.');
}

describe('ListObjectsV2', () => {
  test('lists what the model says, however it is cut into pages', async () => {
    const prefix = fc.constantFrom('', 'a', 'a/', 'a/b', 'b/', 'z/', '\u{1f600}', '\u{10ffff}', 'nothing');
    const delimiter = fc.constantFrom('', '/', '//', 'b', '\u{10ffff}');
    const startAfter = fc.constantFrom('', 'a', 'a/b/', 'b/2', 'z//z', '\u{1f600}', '\u{10ffff}');
    await fc.assert(
      fc.asyncProperty(prefix, delimiter, startAfter, fc.integer({ min: 1, max: 9 }), async (p, d, after, max) => {
        const listed = await listAll(p, d, after, max);
        expect(new Set(listed).size).toBe(listed.length);
        expect(listed.sort()).toEqual(model(p, d, after).sort());
      }),
      { numRuns: 120 },
    );
  });

  test('says of each object what it is', async () => {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/b/c', FetchOwner: true }));
    expect(page.Contents).toMatchObject([
      {
        Key: 'a/b/c',
        Size: 5,
        StorageClass: 'STANDARD',
        ChecksumAlgorithm: ['CRC32'],
        ChecksumType: 'FULL_OBJECT',
        Owner: { ID: '000000000000' },
      },
    ]);
  });

  test('lists nothing when asked for nothing, and refuses a token it did not give', async () => {
    expect((await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).KeyCount).toBe(0);
    expect(await failure(s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '%%' })))).toEqual([
      'InvalidArgument',
      400,
    ]);
  });
});

describe('the least string after a prefix', () => {
  test.each([
    ['a', 'b'],
    ['a/', 'a0'],
    ['\ud7ff', '\ue000'],
    ['a\u{10ffff}', 'b'],
    ['\u{10ffff}', undefined],
    ['\uffff', '\u{10000}'],
  ])('%j is %j', (prefix, after) => {
    expect(afterPrefix(prefix)).toBe(after);
  });
});
