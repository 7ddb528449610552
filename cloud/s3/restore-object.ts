/**
 * RestoreObject: a readable copy of an archived object, for some days, after the time its tier takes. What is asked,
 * what is ready and what has expired is all in the object's row; the calendar only wakes us to look.
 */
import { AwsError, notImplemented } from '../errors.ts';
import type { CloudSettings } from '../service.ts';
import { child, childText, type XmlElement } from '../wire/xml-reader.ts';
import { findBucket } from './buckets.ts';
import { malformedXml, readDocument } from './document.ts';
import { DAY_MS, midnightAfter } from './midnight.ts';
import { change, getObject, objectsWhere, replaceObject, type Restore, type StoredObject } from './objects.ts';
import type { S3, S3Request } from './s3.ts';

type Tier = keyof CloudSettings['retrievalMs'];

const TIERS: readonly Tier[] = ['Expedited', 'Standard', 'Bulk'];

export async function restoreObject(s3: S3, request: S3Request): Promise<Response> {
  const { bucket, key, requestId } = request;
  findBucket(s3, bucket);
  const { days, tier } = readRestoreRequest(await readDocument(request, 'RestoreRequest'));
  const nowMs = s3.parts.clock.now();
  let status = 202;
  change(s3, () => {
    const object = getObject(s3, bucket, key);
    if (object.storageClass === 'STANDARD') {
      throw invalidState(object, "Restore is not allowed for the object's current storage class");
    }
    if (object.restore?.state === 'ongoing') {
      throw new AwsError('RestoreAlreadyInProgress', 409, 'Object restore is already in progress');
    }
    if (object.restore?.state === 'restored') {
      // A copy that is there stays longer, or less long; there is nothing to retrieve.
      status = 200;
      return replaceObject(s3, { ...object, restore: { state: 'restored', untilMs: expiry(nowMs, days) } });
    }
    checkTier(s3, object, tier);
    const restore: Restore = { state: 'ongoing', dueMs: nowMs + s3.parts.settings.retrievalMs[tier], days };
    s3.outbox.emit({ name: 'ObjectRestore:Post', object, requestId });
    return replaceObject(s3, { ...object, restore });
  });
  s3.calendar.arm();
  return new Response(null, { status });
}

/** Finishes the restores that are due, and ends the copies whose time is up. */
export function settleRestores(s3: S3): void {
  const nowMs = s3.parts.clock.now();
  for (const object of objectsWhere(s3, 'restore_due_ms <= ?', nowMs)) {
    if (object.restore?.state !== 'ongoing') continue;
    // The copy's days count from when it was ready, also when this cloud was not running then.
    const restored: StoredObject = {
      ...object,
      restore: { state: 'restored', untilMs: expiry(object.restore.dueMs, object.restore.days) },
    };
    change(s3, () => {
      s3.outbox.emit({ name: 'ObjectRestore:Completed', object: restored });
      return replaceObject(s3, restored);
    });
  }
  for (const object of objectsWhere(s3, 'restored_until_ms <= ?', nowMs)) {
    change(s3, () => {
      s3.outbox.emit({ name: 'ObjectRestore:Delete', object });
      return replaceObject(s3, { ...object, restore: undefined });
    });
  }
}

/** When the next restore is due or the next copy expires; undefined when none will. */
export function nextRestoreMs({ db }: S3): number | undefined {
  const row = db
    .query<{ due: number | null; until: number | null }, []>(
      `SELECT (SELECT min(restore_due_ms) FROM s3_objects WHERE restore_due_ms IS NOT NULL) AS due,
              (SELECT min(restored_until_ms) FROM s3_objects WHERE restored_until_ms IS NOT NULL) AS until`,
    )
    .get();
  const times = [row?.due, row?.until].filter((each) => typeof each === 'number');
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** The x-amz-restore header of an object that is being, or has been, restored. */
export function restoreHeaders({ restore }: StoredObject): Record<string, string> {
  if (!restore) return {};
  if (restore.state === 'ongoing') return { 'x-amz-restore': 'ongoing-request="true"' };
  return { 'x-amz-restore': `ongoing-request="false", expiry-date="${new Date(restore.untilMs).toUTCString()}"` };
}

export function invalidState({ storageClass }: StoredObject, message: string): AwsError {
  return new AwsError('InvalidObjectState', 403, message, { StorageClass: storageClass });
}

/** "S3 calculates the expiry date by adding the number of days … and rounding the resulting time to the next day midnight UTC". */
function expiry(readyMs: number, days: number): number {
  return midnightAfter(readyMs + days * DAY_MS);
}

function readRestoreRequest(document: XmlElement): { days: number; tier: Tier } {
  if (child(document, 'Type') || child(document, 'SelectParameters'))
    throw notImplemented('S3', 'RestoreObject of type SELECT');
  const days = Number(childText(document, 'Days'));
  if (!Number.isInteger(days) || days < 1) throw malformedXml('Days must be a whole number, at least 1.');
  const parameters = child(document, 'GlacierJobParameters');
  const asked = (parameters && childText(parameters, 'Tier')) ?? childText(document, 'Tier') ?? 'Standard';
  const tier = TIERS.find((each) => each === asked);
  if (!tier) throw malformedXml(`The Tier must be one of ${TIERS.join(', ')}.`);
  return { days, tier };
}

function checkTier(s3: S3, { storageClass }: StoredObject, tier: Tier): void {
  if (tier !== 'Expedited') return;
  if (storageClass === 'DEEP_ARCHIVE') {
    throw new AwsError('InvalidArgument', 400, 'Retrieval option is not supported by this storage class', {
      ArgumentName: 'Tier',
      ArgumentValue: tier,
    });
  }
  if (!s3.parts.settings.expeditedCapacity()) {
    throw new AwsError(
      'GlacierExpeditedRetrievalNotAvailable',
      503,
      'Glacier expedited retrievals are currently not available, please try again later',
    );
  }
}
