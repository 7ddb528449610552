/**
 * Whatever the order of sends, receipts, deletes, heartbeats, restarts and passing time: no message is lost, none is
 * seen while it is hidden, none comes back after its deletion. A model of a dozen lines says what must be visible.
 */
import { SQS } from '@aws-sdk/client-sqs';
import * as fc from 'fast-check';
import { TestClock } from '../../../cloud/clock.ts';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startTestCloud, type TestCloud } from '../../support/cloud.ts';

const clock = new TestClock();
let cloud: TestCloud;
let sqs: SQS;
let runs = 0;

beforeAll(async () => {
  cloud = await startTestCloud({ clock });
  sqs = new SQS(cloud.client);
});
afterAll(() => cloud.stop());

type Command =
  | { do: 'send'; delay: number }
  | { do: 'receive'; count: number; visibility: number }
  | { do: 'delete'; which: number }
  | { do: 'hold'; which: number; seconds: number }
  | { do: 'wait'; seconds: number }
  | { do: 'restart' };

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), delay: fc.constantFrom(0, 0, 0, 2) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      count: fc.integer({ min: 1, max: 4 }),
      visibility: fc.integer({ min: 0, max: 5 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), which: fc.nat(20) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      which: fc.nat(20),
      seconds: fc.integer({ min: 0, max: 5 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

/** What must be so: per message, when it is visible; and every handle ever given out. */
class Model {
  readonly visibleMs = new Map<string, number>();
  readonly handles: { body: string; handle: string }[] = [];

  visible(): string[] {
    return [...this.visibleMs].filter(([, ms]) => ms <= clock.now()).map(([body]) => body);
  }

  handle(which: number): { body: string; handle: string } | undefined {
    return this.handles[which % Math.max(1, this.handles.length)];
  }
}

async function perform(step: Command, model: Model, QueueUrl: string): Promise<void> {
  switch (step.do) {
    case 'send': {
      const MessageBody = `message ${model.visibleMs.size} ${crypto.randomUUID()}`;
      await sqs.sendMessage({ QueueUrl, MessageBody, DelaySeconds: step.delay });
      model.visibleMs.set(MessageBody, clock.now() + step.delay * 1000);
      return;
    }
    case 'receive': {
      const visible = model.visible();
      const { Messages = [] } = await sqs.receiveMessage({
        QueueUrl,
        MaxNumberOfMessages: step.count,
        VisibilityTimeout: step.visibility,
      });
      expect(Messages).toHaveLength(Math.min(step.count, visible.length));
      for (const { Body: body = '', ReceiptHandle: handle = '' } of Messages) {
        expect(visible).toContain(body);
        model.visibleMs.set(body, clock.now() + step.visibility * 1000);
        model.handles.push({ body, handle });
      }
      return;
    }
    case 'delete': {
      const known = model.handle(step.which);
      if (!known) return;
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle: known.handle });
      model.visibleMs.delete(known.body);
      return;
    }
    case 'hold': {
      const known = model.handle(step.which);
      if (!known) return;
      const inFlight = (model.visibleMs.get(known.body) ?? 0) > clock.now();
      const held = sqs.changeMessageVisibility({
        QueueUrl,
        ReceiptHandle: known.handle,
        VisibilityTimeout: step.seconds,
      });
      if (!inFlight) return void (await expect(held).rejects.toThrow());
      await held;
      model.visibleMs.set(known.body, clock.now() + step.seconds * 1000);
      return;
    }
    case 'wait':
      return clock.advance(step.seconds * 1000);
    case 'restart':
      return cloud.restart();
  }
}

test('no message is lost, none shown while hidden, none after its deletion', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 30 }), async (steps) => {
      const { QueueUrl = '' } = await sqs.createQueue({ QueueName: `run-${++runs}` });
      const model = new Model();
      for (const step of steps) await perform(step, model, QueueUrl);
      await clock.advance(60_000);
      const drained: string[] = [];
      for (let rest = model.visible().length; rest > 0; rest -= 10) {
        const { Messages = [] } = await sqs.receiveMessage({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 60,
        });
        drained.push(...Messages.map((message) => message.Body ?? ''));
      }
      expect(drained.sort()).toEqual(model.visible().sort());
      expect((await sqs.receiveMessage({ QueueUrl })).Messages).toBeUndefined();
    }),
    { numRuns: 25 },
  );
  expect(cloud.faults).toEqual([]);
}, 60_000);
