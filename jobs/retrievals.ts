/**
 * What cold storage says when a retrieval is ready, as it arrives through SNS: Glacier's notification ("Configuring
 * vault notifications", Amazon S3 Glacier Developer Guide), whose description is the one `thaw.ts` gave; or S3's
 * `ObjectRestore:Completed` ("Event message structure", Amazon S3 User Guide), whose key tells the job.
 */
import { ARCHIVED_PREFIX } from '../aws/glacier-class.ts';

export interface ReadyRetrieval {
  jobId: string;
  retrievalId: string;
  /** The step that asked, where the back end gives it back: Glacier does, S3 does not. */
  traceparent?: string;
}

/** The ready retrievals of an SNS event; other notifications (inventories, failures) are none of ours. */
export function parseRetrievals(event: unknown): ReadyRetrieval[] {
  const records = (event as { Records?: { Sns?: { Message?: string } }[] } | null)?.Records ?? [];
  return records.flatMap(({ Sns }) => {
    const notification = parseObject(Sns?.Message);
    if (Array.isArray(notification['Records'])) return (notification['Records'] as S3Event[]).flatMap(restoredObject);
    if (notification['Action'] !== 'ArchiveRetrieval' || notification['StatusCode'] !== 'Succeeded') return [];
    const { job_id: jobId, traceparent } = parseObject(notification['JobDescription']);
    const retrievalId = notification['JobId'];
    if (typeof jobId !== 'string' || typeof retrievalId !== 'string') return [];
    return [{ jobId, retrievalId, ...(typeof traceparent === 'string' ? { traceparent } : {}) }];
  });
}

interface S3Event {
  eventName?: string;
  s3?: { object?: { key?: string } };
}

function restoredObject({ eventName = '', s3 }: S3Event): ReadyRetrieval[] {
  if (!eventName.endsWith('ObjectRestore:Completed')) return [];
  // Keys in events are form-encoded: a space is a plus.
  const retrievalId = decodeURIComponent((s3?.object?.key ?? '').replaceAll('+', ' '));
  const jobId = retrievalId.startsWith(ARCHIVED_PREFIX) ? retrievalId.split('/')[2] : undefined;
  return jobId ? [{ jobId, retrievalId }] : [];
}

function parseObject(text: unknown): Record<string, unknown> {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
