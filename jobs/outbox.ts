/**
 * The transactional outbox: a message is first a row, written in the same transaction as the change it tells of,
 * and the row goes when the message has been sent. Whoever dies between the two leaves a row, and the sweep of any
 * program sends it. So a message may be sent twice, and never not at all.
 */
import { deleteItem, scanAll, transact, type Write } from '../aws/table.ts';
import { sendMessage } from '../aws/queue.ts';
import { publish } from '../aws/topic.ts';
import { newId, timestamp, type Gas } from './gas.ts';
import type { Kind, Message } from './messages.ts';
import { carried } from './trace.ts';

interface OutboxRow {
  outbox_id: string;
  kind: Kind;
  body: string;
  created_time: string;
}

/** A row younger than this is still being sent by whoever wrote it. */
const SWEEP_AFTER_SECONDS = 10;

/** Writes the changes and the messages about them, all or none, then sends. @throws NotAsExpected */
export async function transactAndTell(gas: Gas, writes: readonly Write[], messages: readonly Message[]): Promise<void> {
  const rows = messages.map((message) => row(gas, message));
  const table = gas.config.topology.tables.outbox.name;
  await transact(gas.aws, [...writes, ...rows.map((item) => ({ do: 'put', table, item: { ...item } }) as const)]);
  await Promise.all(
    rows.map((one) =>
      sendRow(gas, one).catch((error: unknown) => gas.log.fault('outbox: will be sent by a sweep', error)),
    ),
  );
}

/** Sends one message that tells of no change: nothing to be atomic with. */
export async function tell(gas: Gas, message: Message): Promise<void> {
  await send(gas, message.kind, bodyOf(gas, message));
}

/** Sends what was left behind. Answers how many. */
export async function sweepOutbox(gas: Gas): Promise<number> {
  const before = timestamp(gas, -SWEEP_AFTER_SECONDS);
  let sent = 0;
  for await (const left of scanAll<OutboxRow>(gas.aws, gas.config.topology.tables.outbox.name)) {
    if (left.created_time >= before) continue;
    await sendRow(gas, left);
    sent++;
  }
  return sent;
}

function row(gas: Gas, message: Message): OutboxRow {
  return { outbox_id: newId(gas), kind: message.kind, body: bodyOf(gas, message), created_time: timestamp(gas) };
}

function bodyOf(gas: Gas, message: Message): string {
  return JSON.stringify({ ...message, ...carried(gas) });
}

async function sendRow(gas: Gas, { outbox_id, kind, body }: OutboxRow): Promise<void> {
  await send(gas, kind, body);
  await deleteItem(gas.aws, gas.config.topology.tables.outbox.name, { outbox_id });
}

async function send(gas: Gas, kind: Kind, body: string): Promise<void> {
  const { topicArns, queueUrls } = gas.config;
  switch (kind) {
    case 'job request':
      return publish(gas.aws, topicArns.jobRequests, body);
    case 'job result':
      return publish(gas.aws, topicArns.jobResults, body);
    case 'user downgraded':
      return sendMessage(gas.aws, queueUrls.jobResults, body);
    case 'archive request':
      return sendMessage(gas.aws, queueUrls.archiveRequests, body);
    case 'thaw user':
    case 'thaw job':
      return sendMessage(gas.aws, queueUrls.thawRequests, body);
  }
}
