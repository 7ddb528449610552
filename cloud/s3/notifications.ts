/** Notification configurations: who wants to hear of which events of which keys. Source: "Amazon S3 Event Notifications", User Guide. */
import { AwsError, notImplemented } from '../errors.ts';
import { childrenNamed, childText, child, type XmlElement } from '../wire/xml-reader.ts';
import type { XmlValue } from '../wire/xml.ts';

/** What can happen here. */
export const EVENT_NAMES = [
  'ObjectCreated:Put',
  'ObjectCreated:Post',
  'ObjectCreated:Copy',
  'ObjectCreated:CompleteMultipartUpload',
  'ObjectRemoved:Delete',
  'ObjectRestore:Post',
  'ObjectRestore:Completed',
  'ObjectRestore:Delete',
  'LifecycleExpiration:Delete',
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

/** One entry of a configuration. */
export interface Notification {
  id: string;
  kind: 'Topic' | 'Queue' | 'CloudFunction';
  /** ARN of the topic, queue or function. */
  destination: string;
  /** As put, e.g. `s3:ObjectCreated:*`. */
  events: string[];
  prefix: string;
  suffix: string;
}

const KINDS = ['Topic', 'Queue', 'CloudFunction'] as const;

/** Events S3 has besides, of features this cloud does not carry. */
const OTHER_EVENTS =
  /^s3:(ReducedRedundancyLostObject|Replication|ObjectTagging|ObjectAcl|LifecycleTransition|IntelligentTiering|ObjectRemoved:DeleteMarkerCreated|LifecycleExpiration:DeleteMarkerCreated)/;

/** Reads a NotificationConfiguration. Throws AwsError for what cannot be honoured. */
export function readNotifications(document: XmlElement): Notification[] {
  if (child(document, 'EventBridgeConfiguration')) throw notImplemented('S3', 'EventBridgeConfiguration');
  return KINDS.flatMap((kind) =>
    childrenNamed(document, `${kind}Configuration`).map((entry) => readNotification(kind, entry)),
  );
}

/** The same as XML. */
export function notificationElements(notifications: readonly Notification[]): XmlValue {
  return Object.fromEntries(
    KINDS.map((kind) => [
      `${kind}Configuration`,
      notifications.filter((each) => each.kind === kind).map(notificationElement),
    ]),
  );
}

/** Whether this entry wants to hear of the event of that key. */
export function wants({ events, prefix, suffix }: Notification, name: EventName, key: string): boolean {
  const full = `s3:${name}`;
  const heard = events.some((event) => event === full || (event.endsWith(':*') && full.startsWith(event.slice(0, -1))));
  return heard && key.startsWith(prefix) && key.endsWith(suffix);
}

function readNotification(kind: Notification['kind'], entry: XmlElement): Notification {
  const events = childrenNamed(entry, 'Event').map(({ text }) => text);
  const unknown = events.find((event) => !EVENT_NAMES.some((name) => isOrCovers(event, name)));
  if (unknown !== undefined && OTHER_EVENTS.test(unknown)) throw notImplemented('S3', `event ${unknown}`);
  if (unknown !== undefined || events.length === 0) {
    throw invalid('The event is not supported for notifications', 'Event', unknown ?? '');
  }
  const destination = childText(entry, kind);
  if (!destination) throw invalid(`A ${kind}Configuration needs the ARN of its ${kind}.`, kind, '');
  return {
    id: childText(entry, 'Id') ?? crypto.randomUUID(),
    kind,
    destination,
    events,
    prefix: '',
    suffix: '',
    ...readFilter(entry),
  };
}

function readFilter(entry: XmlElement): { prefix?: string; suffix?: string } {
  const filter = child(entry, 'Filter');
  const key = filter && child(filter, 'S3Key');
  const rules = (key ? childrenNamed(key, 'FilterRule') : []).map((rule) => {
    const name = childText(rule, 'Name')?.toLowerCase() ?? '';
    if (name !== 'prefix' && name !== 'suffix')
      throw invalid('filter rule name must be either prefix or suffix', 'FilterRule.Name', name);
    return [name, childText(rule, 'Value') ?? ''] as const;
  });
  return Object.fromEntries(rules);
}

function notificationElement({ id, kind, destination, events, prefix, suffix }: Notification): XmlValue {
  const rules = [
    { Name: 'Prefix', Value: prefix },
    { Name: 'Suffix', Value: suffix },
  ].filter(({ Value }) => Value !== '');
  return {
    Id: id,
    [kind]: destination,
    Event: events,
    Filter: rules.length > 0 ? { S3Key: { FilterRule: rules } } : undefined,
  };
}

function isOrCovers(event: string, name: EventName): boolean {
  return event === `s3:${name}` || event === `s3:${name.split(':')[0]}:*`;
}

function invalid(message: string, ArgumentName: string, ArgumentValue: string): AwsError {
  return new AwsError('InvalidArgument', 400, message, { ArgumentName, ArgumentValue });
}
