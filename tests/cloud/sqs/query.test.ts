/** The query protocol of older clients: forms in, XML out, the same operations behind. Signatures are the server's matter. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../cloud/clock.ts';
import type { AwsRequest, Parts, Service } from '../../../cloud/service.ts';
import { createSqs } from '../../../cloud/sqs/index.ts';
import { openStore, type Store } from '../../../cloud/store.ts';
import { afterAll, beforeAll, expect, test } from 'bun:test';

let folder: string;
let store: Store;
let sqs: Service;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gas-query-'));
  store = openStore(folder);
  sqs = createSqs({ store, clock: systemClock, region: 'us-east-1', url: () => 'http://cloud' } as Parts);
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const QueueUrl = 'http://cloud/000000000000/q';

async function call(Action: string, form: Record<string, string>): Promise<{ status: number; xml: string }> {
  const request = {
    method: 'POST',
    headers: new Headers(),
    body: new Blob([new URLSearchParams({ Action, ...form }).toString()]).stream(),
    signal: AbortSignal.timeout(10_000),
    requestId: 'r',
  } as unknown as AwsRequest;
  const answer = await sqs.handle(request).catch((error: unknown) => sqs.error(error, request));
  return { status: answer.status, xml: await answer.text() };
}

test('maps, lists and numbers are read from a form and written as XML', async () => {
  const created = await call('CreateQueue', {
    QueueName: 'q',
    'Attribute.1.Name': 'VisibilityTimeout',
    'Attribute.1.Value': '7',
    'Tag.1.Key': 'a',
    'Tag.1.Value': 'b & c',
  });
  expect(created).toEqual({
    status: 200,
    xml:
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<CreateQueueResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><CreateQueueResult>' +
      `<QueueUrl>${QueueUrl}</QueueUrl></CreateQueueResult>` +
      '<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></CreateQueueResponse>',
  });
  expect((await call('ListQueues', {})).xml).toContain(`<QueueUrl>${QueueUrl}</QueueUrl>`);
  expect((await call('ListQueueTags', { QueueUrl })).xml).toContain('<Tag><Key>a</Key><Value>b &amp; c</Value></Tag>');
  const attributes = await call('GetQueueAttributes', { QueueUrl, 'AttributeName.1': 'VisibilityTimeout' });
  expect(attributes.xml).toContain('<Attribute><Name>VisibilityTimeout</Name><Value>7</Value></Attribute>');
});

test('a batch is sent and received with its attributes', async () => {
  const sent = await call('SendMessageBatch', {
    QueueUrl,
    'SendMessageBatchRequestEntry.1.Id': 'one',
    'SendMessageBatchRequestEntry.1.MessageBody': 'hello',
    'SendMessageBatchRequestEntry.1.DelaySeconds': '0',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Name': 'k',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType': 'String',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue': 'v',
    'SendMessageBatchRequestEntry.2.Id': 'two',
    'SendMessageBatchRequestEntry.2.MessageBody': 'x',
    'SendMessageBatchRequestEntry.2.DelaySeconds': '901',
  });
  expect(sent.xml).toContain('<SendMessageBatchResultEntry><Id>one</Id>');
  expect(sent.xml).toContain(
    '<BatchResultErrorEntry><Id>two</Id><SenderFault>true</SenderFault><Code>InvalidParameterValue',
  );
  const { xml } = await call('ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: '10',
    'AttributeName.1': 'ApproximateReceiveCount',
    'MessageAttributeName.1': 'All',
  });
  expect(xml).toContain(
    '<Body>hello</Body><Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>',
  );
  expect(xml).toContain(
    '<MessageAttribute><Name>k</Name><Value><DataType>String</DataType><StringValue>v</StringValue></Value></MessageAttribute>',
  );
});

test('errors are told by their old codes', async () => {
  const { status, xml } = await call('GetQueueUrl', { QueueName: 'nowhere' });
  expect(status).toBe(400);
  expect(xml).toContain('<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
  expect((await call('AddPermission', { QueueUrl })).xml).toContain('<Code>NotImplemented</Code>');
});
