/** Objects through the SDK: what is put comes back, whole or in ranges, under conditions, with what was said of it. */
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from './failure.ts';

const Bucket = 'objects';
let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startTestCloud();
  s3 = new S3Client(cloud.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  expect(cloud.faults).toEqual([]);
  s3.destroy();
  await cloud.stop();
});

const put = (Key: string, Body: string | Uint8Array, more: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

async function text(Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? '';
}

describe('buckets', () => {
  test('are made, found, listed and deleted', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'short-lived' }));
    expect((await s3.send(new HeadBucketCommand({ Bucket: 'short-lived' }))).BucketRegion).toBe('us-east-1');
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: 'short-lived' }))).LocationConstraint).toBeUndefined();
    const names = async () => (await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name);
    expect(await names()).toEqual([Bucket, 'short-lived']);
    await s3.send(new DeleteBucketCommand({ Bucket: 'short-lived' }));
    expect(await names()).toEqual([Bucket]);
  });

  test('that hold something are not deleted', async () => {
    await put('something', '');
    expect(await failure(s3.send(new DeleteBucketCommand({ Bucket })))).toEqual(['BucketNotEmpty', 409]);
  });

  test('are made once', async () => {
    expect(await failure(s3.send(new CreateBucketCommand({ Bucket })))).toEqual(['BucketAlreadyOwnedByYou', 409]);
  });

  test.each(['ab', 'UPPER', 'a..b', '-dash', '192.168.0.1', 'under_score', 'x'.repeat(64)])(
    'cannot be called %s',
    async (name) => {
      expect(await failure(s3.send(new CreateBucketCommand({ Bucket: name })))).toEqual(['InvalidBucketName', 400]);
    },
  );

  test('that are not there answer NoSuchBucket', async () => {
    const missing = { Bucket: 'missing', Key: 'x' };
    expect(await failure(s3.send(new GetObjectCommand(missing)))).toEqual(['NoSuchBucket', 404]);
    expect(await failure(s3.send(new PutObjectCommand({ ...missing, Body: 'x' })))).toEqual(['NoSuchBucket', 404]);
    expect(await failure(s3.send(new HeadBucketCommand(missing)))).toEqual(['NotFound', 404]);
  });
});

describe('an object', () => {
  test('comes back with its metadata, headers, ETag and checksum', async () => {
    const made = await put('notes/ü b.txt', 'hello', {
      ContentType: 'text/plain; charset=utf-8',
      ContentDisposition: 'attachment; filename="b.txt"',
      CacheControl: 'no-store',
      ContentLanguage: 'de',
      ContentEncoding: 'identity',
      Metadata: { job: '42', 'sha-256': 'abc' },
    });
    expect(made.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    expect(made.ChecksumCRC32).toBe('NhCmhg==');
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'notes/ü b.txt' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      AcceptRanges: 'bytes',
      CacheControl: 'no-store',
      ChecksumCRC32: 'NhCmhg==',
      ChecksumType: 'FULL_OBJECT',
      ContentDisposition: 'attachment; filename="b.txt"',
      ContentEncoding: 'identity',
      ContentLanguage: 'de',
      ContentLength: 5,
      ContentType: 'text/plain; charset=utf-8',
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      Metadata: { job: '42', 'sha-256': 'abc' },
    });
    expect(got.StorageClass).toBeUndefined();
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'notes/ü b.txt' }));
    expect(head).toMatchObject({
      ContentLength: 5,
      ETag: got.ETag,
      LastModified: got.LastModified,
      Metadata: got.Metadata,
    });
  });

  test.each([
    'plain',
    'with space',
    'a//b/',
    'quotes\'"()*!~',
    'plus+equals=&?#%25',
    'ümlaut/中文/😀',
    'trailing/',
    '.hidden/..name',
    'x'.repeat(1024),
  ])('may be called %s', async (key) => {
    await put(key, key);
    expect(await text(key)).toBe(key);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: key })))).toEqual(['NoSuchKey', 404]);
  });

  test('cannot have a key longer than 1,024 bytes', async () => {
    expect(await failure(put('ü'.repeat(513), ''))).toEqual(['KeyTooLongError', 400]);
  });

  test('may be empty', async () => {
    await put('empty', '');
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'empty' }));
    expect([got.ContentLength, got.ETag, await got.Body?.transformToString()]).toEqual([
      0,
      '"d41d8cd98f00b204e9800998ecf8427e"',
      '',
    ]);
  });

  test('does not tell the name of the file it is kept in', async () => {
    await put('unnamed', 'x'.repeat(100));
    for (const Range of [undefined, 'bytes=5-9']) {
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'unnamed', Range }));
      expect(got.ContentDisposition).toBe('inline');
      expect(got.ContentType).toBe('application/octet-stream');
      await got.Body?.transformToString();
    }
  });

  test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('is checked by %s and says it', async (algorithm) => {
    const made = await put(`checked-${algorithm}`, 'hello world', { ChecksumAlgorithm: algorithm });
    const member = `Checksum${algorithm}` as const;
    expect(made[member]).toMatch(/=$/);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: `checked-${algorithm}`, ChecksumMode: 'ENABLED' }));
    expect(head[member]).toBe(made[member] ?? '');
    const wrong = {
      [member]: Buffer.alloc(algorithm.startsWith('CRC') ? 4 : algorithm === 'SHA1' ? 20 : 32).toString('base64'),
    };
    expect(await failure(put('refused', 'hello world', wrong))).toEqual(['BadDigest', 400]);
    expect(await failure(s3.send(new HeadObjectCommand({ Bucket, Key: 'refused' })))).toEqual(['NotFound', 404]);
  });

  test('is checked by Content-MD5', async () => {
    const md5 = createHash('md5').update('right').digest('base64');
    await put('md5', 'right', { ContentMD5: md5 });
    expect(await failure(put('md5', 'wrong', { ContentMD5: md5 }))).toEqual(['BadDigest', 400]);
    expect(await failure(put('md5', 'wrong', { ContentMD5: 'eHh4' }))).toEqual(['InvalidDigest', 400]);
    expect(await text('md5')).toBe('right');
  });

  test('has at most 2 KB of metadata', async () => {
    expect(await failure(put('heavy', '', { Metadata: { a: 'x'.repeat(2048) } }))).toEqual(['MetadataTooLarge', 400]);
    await put('heavy', '', { Metadata: { a: 'x'.repeat(2047) } });
  });
});

describe('conditions', () => {
  test('on reading follow ETag and time', async () => {
    const { ETag } = await put('conditional', 'x');
    const get = (more: object) => failure(s3.send(new GetObjectCommand({ Bucket, Key: 'conditional', ...more })));
    const past = new Date(Date.now() - 3_600_000);
    const future = new Date(Date.now() + 3_600_000);
    expect(await get({ IfMatch: ETag })).toBeUndefined();
    expect(await get({ IfMatch: '"other"' })).toEqual(['PreconditionFailed', 412]);
    expect(await get({ IfMatch: ETag, IfUnmodifiedSince: past })).toBeUndefined();
    expect(await get({ IfNoneMatch: ETag })).toEqual(['Unknown', 304]);
    expect(await get({ IfNoneMatch: '"other"' })).toBeUndefined();
    expect(await get({ IfNoneMatch: '"other"', IfModifiedSince: future })).toBeUndefined();
    expect(await get({ IfModifiedSince: future })).toEqual(['Unknown', 304]);
    expect(await get({ IfModifiedSince: past })).toBeUndefined();
    expect(await get({ IfUnmodifiedSince: past })).toEqual(['PreconditionFailed', 412]);
    expect(await get({ IfUnmodifiedSince: future })).toBeUndefined();
  });

  test('on writing: If-None-Match * never replaces, If-Match replaces only that one', async () => {
    const { ETag } = await put('once', '1', { IfNoneMatch: '*' });
    expect(await failure(put('once', '2', { IfNoneMatch: '*' }))).toEqual(['PreconditionFailed', 412]);
    expect(await failure(put('once', '2', { IfMatch: '"other"' }))).toEqual(['PreconditionFailed', 412]);
    expect(await failure(put('never', '2', { IfMatch: ETag }))).toEqual(['NoSuchKey', 404]);
    await put('once', '2', { IfMatch: ETag });
    expect(await text('once')).toBe('2');
  });

  test('of two writers who want to be first, one is', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => failure(put('race', `${index}`, { IfNoneMatch: '*' }))),
    );
    expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(1);
  });

  test('on deleting: only that very object', async () => {
    const { ETag } = await put('precise', 'x');
    const remove = (IfMatch?: string) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'precise', IfMatch }));
    expect(await failure(remove('"other"'))).toEqual(['PreconditionFailed', 412]);
    await remove(ETag);
    expect(await failure(text('precise'))).toEqual(['NoSuchKey', 404]);
  });
});

describe('ranges', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
  const get = async (Range: string) => {
    const { Body, ...head } = await s3.send(new GetObjectCommand({ Bucket, Key: 'ranged', Range }));
    return { ...head, bytes: (await Body?.transformToByteArray()) ?? new Uint8Array() };
  };
  beforeAll(() => put('ranged', bytes));

  test('give exactly the bytes asked for, in GET and HEAD alike', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1100), fc.option(fc.nat(1200)), async (first, length) => {
        const last = length === null ? '' : String(first + length);
        const Range = `bytes=${first}-${last}`;
        const expected = bytes.slice(first, length === null ? undefined : first + length + 1);
        if (expected.length === 0) {
          expect(await failure(get(Range))).toEqual(['InvalidRange', 416]);
          return;
        }
        const got = await get(Range);
        expect(got.bytes).toEqual(expected);
        expect(got.ContentLength).toBe(expected.length);
        expect(got.ContentRange).toBe(`bytes ${first}-${first + expected.length - 1}/1000`);
        const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'ranged', Range }));
        expect([head.ContentLength, head.ContentRange]).toEqual([got.ContentLength, got.ContentRange]);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['bytes=-10', 206, 990, 1000],
    ['bytes=-5000', 206, 0, 1000],
    ['bytes=5-2', 200, 0, 1000],
    ['bytes=0-1,5-6', 200, 0, 1000],
    ['lines=0-1', 200, 0, 1000],
  ])('%s answers %d', async (range, status, start, end) => {
    const got = await get(range);
    expect(got.$metadata.httpStatusCode).toBe(status);
    expect(got.bytes).toEqual(bytes.slice(start, end));
  });

  test('of an empty object or of its last zero bytes do not exist', async () => {
    await put('empty-ranged', '');
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: 'empty-ranged', Range: 'bytes=0-0' })))).toEqual([
      'InvalidRange',
      416,
    ]);
    expect(await failure(get('bytes=-0'))).toEqual(['InvalidRange', 416]);
  });
});

describe('copies', () => {
  test('carry bytes and metadata to another key, or new metadata', async () => {
    await put('source/ü', 'copied', { ContentType: 'text/x-source', Metadata: { a: '1' } });
    const copy = await s3.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent('source/ü')}` }),
    );
    expect(copy.CopyObjectResult?.ETag).toBe(`"${createHash('md5').update('copied').digest('hex')}"`);
    expect(copy.CopyObjectResult?.ChecksumCRC32).toBeDefined();
    const kept = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }));
    expect([kept.ContentType, kept.Metadata]).toEqual(['text/x-source', { a: '1' }]);
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'copy',
        CopySource: `/${Bucket}/copy`,
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
      }),
    );
    const replaced = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }));
    expect([replaced.ContentType, replaced.Metadata]).toEqual(['binary/octet-stream', { b: '2' }]);
    expect(await text('copy')).toBe('copied');
  });

  test('onto itself must change something', async () => {
    await put('self', 'x');
    const copy = s3.send(new CopyObjectCommand({ Bucket, Key: 'self', CopySource: `${Bucket}/self` }));
    expect(await failure(copy)).toEqual(['InvalidRequest', 400]);
  });

  test('obey conditions on their source', async () => {
    await put('guarded', 'x');
    const copy = (more: object) =>
      failure(s3.send(new CopyObjectCommand({ Bucket, Key: 'copy-2', CopySource: `${Bucket}/guarded`, ...more })));
    expect(await copy({ CopySourceIfMatch: '"other"' })).toEqual(['PreconditionFailed', 412]);
    expect(await copy({ CopySourceIfModifiedSince: new Date(Date.now() + 60_000) })).toEqual([
      'PreconditionFailed',
      412,
    ]);
    expect(await copy({ CopySourceIfNoneMatch: '"other"' })).toBeUndefined();
  });

  test.each([
    ['nowhere/x', 'NoSuchBucket', 404],
    [`${Bucket}/missing`, 'NoSuchKey', 404],
    ['no-key', 'InvalidArgument', 400],
  ])('of %s answer %s', async (CopySource, code, status) => {
    expect(await failure(s3.send(new CopyObjectCommand({ Bucket, Key: 'x', CopySource })))).toEqual([code, status]);
  });
});

describe('deleting', () => {
  test('many at once says what is gone, quietly if asked, and what was not there counts as gone', async () => {
    await Promise.all(['d/1', 'd/2', 'd/<&>'].map((key) => put(key, key)));
    const gone = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'd/1' }, { Key: 'd/<&>' }, { Key: 'd/never' }] } }),
    );
    expect(gone.Deleted?.map(({ Key }) => Key)).toEqual(['d/1', 'd/<&>', 'd/never']);
    const quiet = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'd/2' }], Quiet: true } }),
    );
    expect(quiet.Deleted).toBeUndefined();
    expect(await failure(text('d/2'))).toEqual(['NoSuchKey', 404]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'd/2' }));
  });
});

describe('what is not carried', () => {
  test('is refused by its name', async () => {
    const acl = await s3.send(new GetBucketAclCommand({ Bucket })).catch((error: Error) => error);
    expect(acl).toMatchObject({ name: 'NotImplemented', message: expect.stringContaining('GetBucketAcl') });
  });

  test('is refused when accepting it would promise what is not done', async () => {
    const refused = [
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
      s3.send(
        new PutBucketEncryptionCommand({
          Bucket,
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
          },
        }),
      ),
      put('x', 'x', { ServerSideEncryption: 'AES256' }),
      put('x', 'x', { Tagging: 'a=b' }),
      put('x', 'x', { StorageClass: 'STANDARD_IA' }),
    ];
    for (const each of refused) expect(await failure(each)).toEqual(['NotImplemented', 501]);
    expect(await failure(put('x', 'x', { ACL: 'public-read' }))).toEqual(['AccessControlListNotSupported', 400]);
  });
});
