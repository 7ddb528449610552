/** The `Range` header as S3 takes it: one range of bytes; several, or what it cannot read, mean the whole. */
import { AwsError } from '../errors.ts';
import type { StoredObject } from './objects.ts';

/** Zero-based; `end` is the first byte after it. */
export interface ByteRange {
  start: number;
  end: number;
}

/** The range asked for; undefined is the whole. Throws InvalidRange when no byte of it exists (RFC 9110 section 14.1.2). */
export function readRange(headers: Headers, object: StoredObject): ByteRange | undefined {
  const asked = headers.get('range');
  const { size } = object;
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(asked?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (isOfAnother(headers.get('if-range'), object)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start < end) return { start, end };
  throw new AwsError('InvalidRange', 416, 'The requested range is not satisfiable', {
    RangeRequested: asked,
    ActualObjectSize: String(size),
  });
}

/** If-Range: the client holds a piece of this object, by ETag or exact time; of another one it wants the whole. */
function isOfAnother(ifRange: string | null, { etag, modifiedMs }: StoredObject): boolean {
  return ifRange !== null && ifRange !== `"${etag}"` && Date.parse(ifRange) !== Math.floor(modifiedMs / 1000) * 1000;
}
