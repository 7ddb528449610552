/**
 * The query protocol that SQS spoke before November 2023, and that clients of that age (Debian 12's awscli) still speak:
 * members are flattened into a form (`SendMessageBatchRequestEntry.1.MessageAttribute.2.Value.DataType`), answers are
 * XML. Here they become the members of the JSON protocol and back; the names in the tables are those of the old model.
 */
import { notImplemented } from '../errors.ts';
import type { AwsRequest } from '../service.ts';
import { isJsonObject, type JsonObject, type JsonOperations } from '../wire/json.ts';
import { queryError, queryResponse, readQuery } from '../wire/query.ts';
import type { XmlValue } from '../wire/xml.ts';

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';

/** Lists: what an item is called in the form, and the member it belongs to. */
const LISTS: Record<string, string> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  TagKey: 'TagKeys',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};

/** Maps: what an entry is called, the member it belongs to, and what its key is called; its value is `Value`. */
const MAPS: Record<string, { member: string; key: string }> = {
  Attribute: { member: 'Attributes', key: 'Name' },
  MessageAttribute: { member: 'MessageAttributes', key: 'Name' },
  MessageSystemAttribute: { member: 'MessageSystemAttributes', key: 'Name' },
  Tag: { member: 'Tags', key: 'Key' },
};

const NUMBERS = new Set([
  'DelaySeconds',
  'MaxNumberOfMessages',
  'MaxNumberOfMessagesPerSecond',
  'MaxResults',
  'VisibilityTimeout',
  'WaitTimeSeconds',
]);

/** What an item of a list is called in an answer. */
const ITEMS: Record<string, string> = {
  Messages: 'Message',
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Failed: 'BatchResultErrorEntry',
  Results: 'ListMessageMoveTasksResultEntry',
};

/** Whether a request is in the old protocol. */
export function isQuery(request: AwsRequest): boolean {
  return !request.headers.has('x-amz-target');
}

/** Runs the operation a form names. */
export async function answerOldQuery(operations: JsonOperations, request: AwsRequest): Promise<Response> {
  const { operation, form } = await readQuery(request);
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (!run) throw notImplemented('SQS', operation);
  const output = (await run(membersOf(treeOf(form)), request)) ?? {};
  return queryResponse(operation, isJsonObject(output) ? xmlOf(output, operation) : undefined, NAMESPACE, request);
}

/** An error in the old protocol; its code is one of that. */
export function oldQueryError(error: { code: string; status: number; message: string }, request: AwsRequest): Response {
  return queryError(error, NAMESPACE, request);
}

/** A form by the parts of its names. */
interface Tree {
  [part: string]: Tree | string;
}

function treeOf(form: URLSearchParams): Tree {
  const root: Tree = {};
  for (const [name, value] of form) {
    const parts = name.split('.');
    const last = parts.pop() ?? '';
    let at = root;
    for (const part of parts) {
      const inner = at[part];
      at = typeof inner === 'object' ? inner : ((at[part] = {}) as Tree);
    }
    at[last] = value;
  }
  return root;
}

function membersOf(tree: Tree): JsonObject {
  const members: JsonObject = {};
  for (const [name, value] of Object.entries(tree)) {
    const map = MAPS[name];
    if (typeof value === 'string') members[name] = NUMBERS.has(name) ? Number(value) : value;
    else if (map) members[map.member] = mapOf(value, map.key);
    else members[LISTS[name] ?? name] = LISTS[name] ? numbered(value).map(valueOf) : membersOf(value);
  }
  return members;
}

function mapOf(entries: Tree, key: string): JsonObject {
  const pairs = numbered(entries).map((entry): [string, unknown] =>
    typeof entry === 'string' ? [entry, ''] : [String(entry[key]), valueOf(entry['Value'] ?? '')],
  );
  return Object.fromEntries(pairs);
}

function numbered(tree: Tree): (Tree | string)[] {
  const entries = Object.entries(tree).sort(([a], [b]) => Number(a) - Number(b));
  return entries.map(([, value]) => value);
}

function valueOf(value: Tree | string): unknown {
  return typeof value === 'string' ? value : membersOf(value);
}

function xmlOf(members: JsonObject, operation: string): XmlValue {
  const elements = Object.entries(members).map(([name, value]): [string, XmlValue] => {
    const map = Object.entries(MAPS).find(([, { member }]) => member === name);
    if (map && isJsonObject(value)) {
      const [entry, { key }] = map;
      return [entry, Object.entries(value).map(([k, v]) => ({ [key]: k, Value: leaf(v, operation) }))];
    }
    if (!Array.isArray(value)) return [name, leaf(value, operation)];
    const item = ITEMS[name] ?? `${operation}ResultEntry`;
    return [item, value.map((each: unknown) => leaf(each, operation))];
  });
  return Object.fromEntries(elements);
}

function leaf(value: unknown, operation: string): XmlValue {
  if (isJsonObject(value)) return xmlOf(value, operation);
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}
