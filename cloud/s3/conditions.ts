/**
 * Conditional requests. What is hard is their order: If-Match beats If-Unmodified-Since, If-None-Match beats
 * If-Modified-Since. Source: RFC 9110 section 13.2.2; GetObject and PutObject, S3 API Reference.
 */
import { AwsError } from '../errors.ts';
import type { StoredObject } from './objects.ts';

/** The same four conditions for the source of a copy carry this prefix. */
export type ConditionPrefix = '' | 'x-amz-copy-source-';

/** Throws NotModified (304) or PreconditionFailed (412). Of a copy's source every failure is the latter. */
export function checkReadConditions(object: StoredObject, headers: Headers, prefix: ConditionPrefix = ''): void {
  const condition = (name: string) => headers.get(prefix + name);
  const modifiedSeconds = Math.floor(object.modifiedMs / 1000);

  const match = condition('if-match');
  const unmodifiedSince = seconds(condition('if-unmodified-since'));
  if (match !== null) {
    if (!matches(match, object.etag)) throw failed('If-Match');
  } else if (unmodifiedSince !== undefined && modifiedSeconds > unmodifiedSince) {
    throw failed('If-Unmodified-Since');
  }

  const noneMatch = condition('if-none-match');
  const modifiedSince = seconds(condition('if-modified-since'));
  if (noneMatch !== null) {
    if (matches(noneMatch, object.etag))
      throw prefix ? failed('If-None-Match') : new AwsError('NotModified', 304, 'Not Modified');
  } else if (modifiedSince !== undefined && modifiedSeconds <= modifiedSince) {
    throw prefix ? failed('If-Modified-Since') : new AwsError('NotModified', 304, 'Not Modified');
  }
}

/** Conditions of a write on what it would replace. Throws PreconditionFailed, or NoSuchKey when If-Match finds nothing. */
export function checkWriteConditions(key: string, existing: StoredObject | undefined, headers: Headers): void {
  const match = headers.get('if-match');
  if (match !== null) {
    if (!existing) throw new AwsError('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });
    if (!matches(match, existing.etag)) throw failed('If-Match');
  }
  const noneMatch = headers.get('if-none-match');
  if (noneMatch === null) return;
  if (noneMatch.trim() !== '*') {
    throw new AwsError('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
      Header: 'If-None-Match',
    });
  }
  if (existing) throw failed('If-None-Match');
}

function matches(list: string, etag: string): boolean {
  return list.split(',').some((each) => {
    const wanted = each.trim().replace(/^W\//, '');
    return wanted === '*' || wanted === etag || wanted === `"${etag}"`;
  });
}

/** An HTTP date in seconds; one that cannot be read is no condition (RFC 9110 section 13.1.3). */
function seconds(date: string | null): number | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

function failed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
}
