/** An event as S3 tells it. Source: "Event message structure", Amazon S3 User Guide. */
import { ACCOUNT_ID } from '../service.ts';
import { encodeUri } from '../signature.ts';
import type { EventName } from './notifications.ts';
import type { StoredObject } from './objects.ts';

export interface S3Event {
  name: EventName;
  object: Pick<StoredObject, 'bucket' | 'key' | 'size' | 'etag'> & Partial<StoredObject>;
  /** Of the request that caused it; events of the clock have none. */
  requestId?: string;
}

/** The message for one destination. */
export function eventMessage(
  { name, object, requestId = '' }: S3Event,
  {
    configurationId,
    region,
    nowMs,
    sequencer,
  }: { configurationId: string; region: string; nowMs: number; sequencer: string },
): string {
  const isGone = /^(ObjectRemoved|LifecycleExpiration)/.test(name);
  const record = {
    eventVersion: /^(LifecycleExpiration|ObjectRestore:Delete)/.test(name) ? '2.3' : '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(nowMs).toISOString(),
    eventName: name,
    userIdentity: { principalId: ACCOUNT_ID },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: object.bucket, ownerIdentity: { principalId: ACCOUNT_ID }, arn: `arn:aws:s3:::${object.bucket}` },
      object: {
        key: object.key.split('/').map(formEncode).join('/'),
        ...(isGone ? {} : { size: object.size, eTag: object.etag }),
        sequencer,
      },
    },
    ...(name === 'ObjectRestore:Completed' && object.restore?.state === 'restored'
      ? {
          glacierEventData: {
            restoreEventData: {
              lifecycleRestorationExpiryTime: new Date(object.restore.untilMs).toISOString(),
              lifecycleRestoreStorageClass: object.storageClass,
            },
          },
        }
      : {}),
  };
  return JSON.stringify({ Records: [record] });
}

/** Keys in events are encoded as forms are: a space is `+`. */
function formEncode(text: string): string {
  return encodeUri(text).replaceAll('%20', '+');
}
