/** The `Range` header as S3 takes it: one range of bytes; several, or what it cannot read, mean the whole. */
import { AwsError } from '../errors.ts';

/** Zero-based; `end` is the first byte after it. */
export interface ByteRange {
  start: number;
  end: number;
}

/** The range asked for; undefined is the whole. Throws InvalidRange when no byte of it exists (RFC 9110 section 14.1.2). */
export function readRange(header: string | null, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start < end) return { start, end };
  throw new AwsError('InvalidRange', 416, 'The requested range is not satisfiable', {
    RangeRequested: header,
    ActualObjectSize: String(size),
  });
}
