/** One embedded cloud follows another on the same port and folder, while clients go on asking. */
import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startCloud, type Cloud } from '../../cloud/server.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'gas-take-over-'));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test-secret' };

function start(port: number, onWaiting: () => void, signal = new AbortController().signal): Promise<Cloud> {
  return startCloud({
    dataDir,
    port,
    credentials: { [credentials.accessKeyId]: credentials.secretAccessKey },
    takeOver: { onWaiting, signal },
  });
}

test('the next cloud takes requests before the last one stops: none is refused, none is forgotten', async () => {
  let cloud = await start(0, () => expect.unreachable());
  const { url, port } = cloud;
  const sqs = new SQSClient({ endpoint: url, region: 'us-east-1', credentials });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'busy' }));
  let sent = 0;
  let stopped = false;
  const failures: unknown[] = [];
  const busy = Array.from({ length: 4 }, async () => {
    while (!stopped) {
      const message = new SendMessageCommand({ QueueUrl, MessageBody: 'work' });
      await sqs.send(message).then(
        () => sent++,
        (error: unknown) => failures.push(error),
      );
    }
  });
  for (let generation = 0; generation < 3; generation++) {
    await Bun.sleep(100);
    const waiting = Promise.withResolvers<void>();
    const next = start(port, waiting.resolve);
    await waiting.promise;
    await cloud.stop();
    cloud = await next;
  }
  stopped = true;
  await Promise.all(busy);
  expect(failures).toEqual([]);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  // A message whose answer was cut off is sent again: there may be more, never fewer.
  expect(Number(Attributes?.ApproximateNumberOfMessages)).toBeGreaterThanOrEqual(sent);
  sqs.destroy();
  await cloud.stop();
});

test('a cloud that is being followed still answers itself', async () => {
  const cloud = await start(0, () => expect.unreachable());
  const waiting = Promise.withResolvers<void>();
  const next = start(cloud.port, waiting.resolve);
  await waiting.promise;
  for (let i = 0; i < 20; i++) {
    // A new connection each time: on the shared port, half of them would reach the one that waits.
    const reply = await fetch(`${cloud.ownUrl}/`, { keepalive: false });
    expect(reply.status).toBe(403);
  }
  await cloud.stop();
  await (await next).stop();
});

test('who waits can be told to stop', async () => {
  const cloud = await start(0, () => expect.unreachable());
  const stop = new AbortController();
  const next = start(cloud.port, () => stop.abort(new Error('enough')), stop.signal);
  expect(await next.catch(String)).toBe('Error: enough');
  await cloud.stop();
});
