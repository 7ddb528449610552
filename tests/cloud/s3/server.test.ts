/** The one listener: every service behind it, bodies proven, and a stop that leaves nobody hanging. */
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GlacierClient, ListVaultsCommand } from '@aws-sdk/client-glacier';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ListQueuesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '../../../cloud/server.ts';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';
import { failure } from './failure.ts';
import { signS3 } from './sign.ts';

const Bucket = 'server';
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

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('every service', () => {
  test('answers on the same address', async () => {
    const { client } = cloud;
    const answers = await Promise.all([
      new SQSClient(client).send(new ListQueuesCommand({})),
      new SNSClient(client).send(new ListTopicsCommand({})),
      new DynamoDBClient(client).send(new ListTablesCommand({})),
      new GlacierClient(client).send(new ListVaultsCommand({ accountId: '-' })),
      new SFNClient(client).send(new ListStateMachinesCommand({})),
    ]);
    expect(answers.map(({ $metadata }) => $metadata.httpStatusCode)).toEqual([200, 200, 200, 200, 200]);
  });

  const stranger = () => ({ ...cloud.client, credentials: { accessKeyId: 'NOBODY', secretAccessKey: 'x' } });

  test.each<[string, () => Promise<unknown>, string, number]>([
    ['SQS', () => new SQSClient(stranger()).send(new ListQueuesCommand({})), 'InvalidClientTokenId', 403],
    ['SNS', () => new SNSClient(stranger()).send(new ListTopicsCommand({})), 'InvalidClientTokenId', 403],
    [
      'DynamoDB',
      () => new DynamoDBClient(stranger()).send(new ListTablesCommand({})),
      'UnrecognizedClientException',
      400,
    ],
    [
      'Glacier',
      () => new GlacierClient(stranger()).send(new ListVaultsCommand({ accountId: '-' })),
      'UnrecognizedClientException',
      403,
    ],
    [
      'Step Functions',
      () => new SFNClient(stranger()).send(new ListStateMachinesCommand({})),
      'UnrecognizedClientException',
      400,
    ],
    ['S3', () => new S3Client(stranger()).send(new CreateBucketCommand({ Bucket: 'x-y' })), 'InvalidAccessKeyId', 403],
  ])('refuses an unknown key in its own words: %s', async (_name, call, code, status) => {
    expect(await failure(call())).toEqual([code, status]);
  });

  test('that is none of them is refused', async () => {
    const { headers } = signS3(cloud, 'GET', '/', sha256(''));
    const authorization = (headers['authorization'] ?? '').replace('/s3/', '/ec2/');
    const response = await fetch(cloud.url, { headers: { ...headers, authorization } });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('ec2')]);
  });
});

describe('a body', () => {
  const put = async (path: string, payload: string, body: BodyInit, more: Record<string, string> = {}) => {
    const { headers } = signS3(cloud, 'PUT', path, payload, more);
    const response = await fetch(cloud.url + path, { method: 'PUT', headers, body });
    return [response.status, /<Code>(.*?)<\/Code>/.exec(await response.text())?.[1]];
  };

  test.each([10, 1_000_000])('of %d bytes must be the one that was signed', async (size) => {
    const body = new Uint8Array(size);
    expect(await put(`/${Bucket}/signed`, sha256(body), body)).toEqual([200, undefined]);
    body[size - 1] = 1;
    expect(await put(`/${Bucket}/other`, sha256(new Uint8Array(size)), body)).toEqual([
      400,
      'XAmzContentSHA256Mismatch',
    ]);
    expect(await failure(s3.send(new HeadObjectCommand({ Bucket, Key: 'other' })))).toEqual(['NotFound', 404]);
  });

  test('must say what is signed of it', async () => {
    expect(await put(`/${Bucket}/x`, 'something', 'x')).toEqual([400, 'InvalidArgument']);
    expect(await put(`/${Bucket}/x`, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x')).toEqual([411, 'MissingContentLength']);
  });

  test.each([true, false])('in signed chunks is stored without its framing, if it is right: %p', async (isRight) => {
    const chunks = [new Uint8Array(70_000).fill(1), new Uint8Array(1000).fill(2), new Uint8Array()];
    const path = `/${Bucket}/chunks-${isRight}`;
    const kind = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
    const { headers, sign, signature, amzDate, scope } = signS3(cloud, 'PUT', path, kind, {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '71000',
    });
    let previous = signature;
    const framed = chunks.flatMap((chunk) => {
      previous = sign('AWS4-HMAC-SHA256-PAYLOAD', amzDate, scope, previous, sha256(''), sha256(chunk));
      const sent = isRight || chunk.length !== 1000 ? chunk : new Uint8Array(1000).fill(3);
      return [`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`, sent, '\r\n'];
    });
    const response = await fetch(cloud.url + path, { method: 'PUT', headers, body: new Blob(framed) });
    expect(response.status).toBe(isRight ? 200 : 403);
    const got = s3.send(new GetObjectCommand({ Bucket, Key: `chunks-${isRight}` }));
    if (!isRight) {
      expect(await failure(got)).toEqual(['NoSuchKey', 404]);
      return;
    }
    const { Body, ContentEncoding } = await got;
    expect(ContentEncoding).toBeUndefined();
    expect(sha256((await Body?.transformToByteArray()) ?? '')).toBe(sha256(Buffer.concat(chunks)));
  });

  test('of a request that must fail is not waited for, and the client reads why', async () => {
    const Body = new Uint8Array(30_000_000);
    expect(await failure(s3.send(new PutObjectCommand({ Bucket: 'missing', Key: 'x', Body })))).toEqual([
      'NoSuchBucket',
      404,
    ]);
    const before = { Bucket, Key: 'taken', Body: 'x' };
    await s3.send(new PutObjectCommand(before));
    const again = s3.send(new PutObjectCommand({ ...before, Body, IfNoneMatch: '*' }));
    expect(await failure(again)).toEqual(['PreconditionFailed', 412]);
  });

  test('that breaks off is not an object', async () => {
    const link = new URL(await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'broken', ContentLength: 1000 })));
    const socket = connect(Number(link.port), '127.0.0.1');
    socket.write(
      `PUT ${link.pathname}${link.search} HTTP/1.1\r\nHost: ${link.host}\r\nContent-Length: 1000\r\n\r\nhalf`,
    );
    await Bun.sleep(50);
    socket.destroy();
    await Bun.sleep(50);
    expect(await failure(s3.send(new HeadObjectCommand({ Bucket, Key: 'broken' })))).toEqual(['NotFound', 404]);
  });
});

describe('clients that go away', () => {
  test.skipIf(!existsSync('/proc/self/fd'))('leave no file open (needs /proc)', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'abandoned', Body: new Uint8Array(5_000_000) }));
    const link = new URL(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'abandoned' })));
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let index = 0; index < 50; index++) {
      const socket = connect(Number(link.port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`GET ${link.pathname}${link.search} HTTP/1.1\r\nHost: ${link.host}\r\n\r\n`);
      await Bun.sleep(index % 5);
      socket.destroy();
    }
    await Bun.sleep(200);
    expect(open()).toBeLessThan(before + 5);
  });
});

describe('a stop', () => {
  test('ends long polls, and what was stored is there again', async () => {
    const sqs = new SQSClient({ ...cloud.client, maxAttempts: 1 });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'polled' }));
    const poll = failure(sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'kept' }));
    await Bun.sleep(50);
    const startedMs = Date.now();
    await cloud.restart();
    expect(Date.now() - startedMs).toBeLessThan(15_000);
    await poll;
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'kept' }))).ContentLength).toBe(4);
    sqs.destroy();
  });

  test('frees the folder, which only one cloud has at a time', async () => {
    const options = { dataDir: mkdtempSync(join(tmpdir(), 'gas-folder-')), credentials: {} };
    const first = await startCloud(options);
    await expect(startCloud(options)).rejects.toThrow('is in use by another embedded cloud');
    await first.stop();
    const second = await startCloud(options);
    await expect(startCloud({ ...options, dataDir: `${options.dataDir}/other`, port: second.port })).rejects.toThrow();
    await second.stop();
    rmSync(options.dataDir, { recursive: true });
  });
});
