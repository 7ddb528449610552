/**
 * Lifecycle rules: objects that expire and uploads that are given up, at midnight UTC as AWS's days end.
 * Source: "Managing the lifecycle of objects", Amazon S3 User Guide.
 */
import { AwsError, notImplemented } from '../errors.ts';
import { child, childrenNamed, childText, type XmlElement } from '../wire/xml-reader.ts';
import type { XmlValue } from '../wire/xml.ts';
import { allBuckets, configuration, configure, findBucket, removeConfiguration } from './buckets.ts';
import { malformedXml, readDocument } from './document.ts';
import { DAY_MS, midnightAfter } from './midnight.ts';
import { change, objectsWhere, removeObject, type StoredObject } from './objects.ts';
import { xmlResponse, type S3, type S3Request } from './s3.ts';
import { removeUpload, uploadsBefore } from './uploads.ts';

interface LifecycleRule {
  id: string;
  isEnabled: boolean;
  prefix: string;
  sizeGreaterThan?: number;
  sizeLessThan?: number;
  expirationDays?: number;
  /** A midnight, as put. */
  expirationDate?: string;
  abortUploadsDays?: number;
}

const RULES_MAX = 1000;

/** Parts of rules this cloud would not act on. */
const REFUSED = ['Transition', 'NoncurrentVersionTransition', 'NoncurrentVersionExpiration'];

export async function putBucketLifecycleConfiguration(s3: S3, request: S3Request): Promise<Response> {
  findBucket(s3, request.bucket);
  const document = await readDocument(request, 'LifecycleConfiguration');
  const rules = childrenNamed(document, 'Rule').map(readRule);
  if (rules.length === 0 || rules.length > RULES_MAX) throw malformedXml(`It must have 1 to ${RULES_MAX} rules.`);
  if (new Set(rules.map(({ id }) => id)).size < rules.length) {
    throw new AwsError('InvalidArgument', 400, 'Rule ID must be unique. Found same ID for more than one rule');
  }
  configure(s3, request.bucket, 'lifecycle', rules);
  s3.calendar.arm();
  return new Response(null);
}

export function getBucketLifecycleConfiguration(s3: S3, { bucket }: S3Request): Response {
  findBucket(s3, bucket);
  const rules = rulesOf(s3, bucket);
  if (rules.length > 0) return xmlResponse('LifecycleConfiguration', { Rule: rules.map(ruleElement) });
  throw new AwsError('NoSuchLifecycleConfiguration', 404, 'The lifecycle configuration does not exist', {
    BucketName: bucket,
  });
}

export function deleteBucketLifecycle(s3: S3, { bucket }: S3Request): Response {
  findBucket(s3, bucket);
  removeConfiguration(s3, bucket, 'lifecycle');
  return new Response(null, { status: 204 });
}

/** Removes what has expired by now. */
export function expireByLifecycle(s3: S3): void {
  const nowMs = s3.parts.clock.now();
  for (const { name: bucket } of allBuckets(s3)) {
    const rules = rulesOf(s3, bucket).filter(({ isEnabled }) => isEnabled);
    if (rules.length === 0) continue;
    for (const object of objectsWhere(s3, 'bucket = ?', bucket)) {
      if (!rules.some((rule) => (expiryMs(rule, object) ?? Infinity) <= nowMs)) continue;
      change(s3, () => {
        s3.outbox.emit({ name: 'LifecycleExpiration:Delete', object });
        return removeObject(s3, bucket, object.key);
      });
    }
    for (const { abortUploadsDays, prefix } of rules) {
      if (abortUploadsDays === undefined) continue;
      const initiatedBefore = Math.floor(nowMs / DAY_MS) * DAY_MS - abortUploadsDays * DAY_MS;
      for (const { uploadId, key } of uploadsBefore(s3, bucket, initiatedBefore)) {
        if (key.startsWith(prefix)) change(s3, () => removeUpload(s3, uploadId));
      }
    }
  }
}

/** The next time rules act: midnight, if there are any. */
export function nextLifecycleMs(s3: S3): number | undefined {
  const hasRules = allBuckets(s3).some(({ name }) => rulesOf(s3, name).length > 0);
  return hasRules ? midnightAfter(s3.parts.clock.now()) : undefined;
}

/** The x-amz-expiration header of an object that a rule will remove. */
export function expirationHeaders(s3: S3, object: StoredObject): Record<string, string> {
  const [first] = rulesOf(s3, object.bucket)
    .filter(({ isEnabled }) => isEnabled)
    .flatMap((rule) => ({ id: rule.id, atMs: expiryMs(rule, object) ?? Infinity }))
    .sort((a, b) => a.atMs - b.atMs);
  if (!first || first.atMs === Infinity) return {};
  const date = new Date(first.atMs).toUTCString();
  return { 'x-amz-expiration': `expiry-date="${date}", rule-id="${encodeURIComponent(first.id)}"` };
}

function expiryMs(rule: LifecycleRule, { key, size, modifiedMs }: StoredObject): number | undefined {
  if (!key.startsWith(rule.prefix)) return undefined;
  if (rule.sizeGreaterThan !== undefined && size <= rule.sizeGreaterThan) return undefined;
  if (rule.sizeLessThan !== undefined && size >= rule.sizeLessThan) return undefined;
  if (rule.expirationDate !== undefined) return Date.parse(rule.expirationDate);
  return rule.expirationDays === undefined ? undefined : midnightAfter(modifiedMs + rule.expirationDays * DAY_MS);
}

function rulesOf(s3: S3, bucket: string): LifecycleRule[] {
  return configuration<LifecycleRule[]>(s3, bucket, 'lifecycle') ?? [];
}

function readRule(element: XmlElement): LifecycleRule {
  const refused = REFUSED.find((name) => child(element, name));
  if (refused) throw notImplemented('S3', `lifecycle ${refused}`);
  const status = childText(element, 'Status');
  if (status !== 'Enabled' && status !== 'Disabled')
    throw malformedXml('The Status of a Rule must be Enabled or Disabled.');
  const abort = child(element, 'AbortIncompleteMultipartUpload');
  const abortUploadsDays = abort && days(abort, 'DaysAfterInitiation');
  const rule: LifecycleRule = {
    id: childText(element, 'ID') ?? crypto.randomUUID(),
    isEnabled: status === 'Enabled',
    ...readFilter(element),
    ...readExpiration(child(element, 'Expiration')),
    ...(abortUploadsDays === undefined ? {} : { abortUploadsDays }),
  };
  const acts = rule.expirationDays ?? rule.expirationDate ?? rule.abortUploadsDays;
  if (acts === undefined)
    throw new AwsError('InvalidRequest', 400, 'At least one action needs to be specified in a rule');
  return rule;
}

/** `Prefix`, or a `Filter` of a prefix, sizes, or both in `And`. */
function readFilter(element: XmlElement): Pick<LifecycleRule, 'prefix' | 'sizeGreaterThan' | 'sizeLessThan'> {
  const filter = child(element, 'Filter') ?? element;
  const terms = child(filter, 'And') ?? filter;
  if (child(terms, 'Tag')) throw notImplemented('S3', 'lifecycle filter by Tag');
  const greater = childText(terms, 'ObjectSizeGreaterThan');
  const less = childText(terms, 'ObjectSizeLessThan');
  return {
    prefix: childText(terms, 'Prefix') ?? '',
    ...(greater === undefined ? {} : { sizeGreaterThan: Number(greater) }),
    ...(less === undefined ? {} : { sizeLessThan: Number(less) }),
  };
}

function readExpiration(element: XmlElement | undefined): Pick<LifecycleRule, 'expirationDays' | 'expirationDate'> {
  if (!element) return {};
  if (child(element, 'ExpiredObjectDeleteMarker')) throw notImplemented('S3', 'lifecycle ExpiredObjectDeleteMarker');
  const expirationDays = days(element, 'Days');
  const date = childText(element, 'Date');
  if (expirationDays !== undefined) return { expirationDays };
  const ms = Date.parse(date ?? '');
  if (date === undefined || Number.isNaN(ms) || ms % DAY_MS !== 0) {
    throw new AwsError('InvalidArgument', 400, "'Date' must be at midnight GMT");
  }
  return { expirationDate: date };
}

function days(element: XmlElement, name: string): number | undefined {
  const text = childText(element, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new AwsError('InvalidArgument', 400, `'${name}' for a lifecycle action must be a positive integer`);
}

function ruleElement(rule: LifecycleRule): XmlValue {
  const { prefix, sizeGreaterThan, sizeLessThan } = rule;
  const terms = { Prefix: prefix, ObjectSizeGreaterThan: sizeGreaterThan, ObjectSizeLessThan: sizeLessThan };
  const hasSize = sizeGreaterThan !== undefined || sizeLessThan !== undefined;
  const expires = rule.expirationDays !== undefined || rule.expirationDate !== undefined;
  return {
    ID: rule.id,
    Status: rule.isEnabled ? 'Enabled' : 'Disabled',
    Filter: hasSize ? { And: terms } : { Prefix: prefix },
    Expiration: expires ? { Days: rule.expirationDays, Date: rule.expirationDate } : undefined,
    AbortIncompleteMultipartUpload:
      rule.abortUploadsDays === undefined ? undefined : { DaysAfterInitiation: rule.abortUploadsDays },
  };
}
