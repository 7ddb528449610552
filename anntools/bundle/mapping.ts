/** Sections of a bundle's files as typed arrays over the mapped file: nothing is read until it is looked at. */
import { mmap } from 'bun';
import type { ContainerHead, Numbers } from './container.ts';
import { refused } from './container.ts';

interface NumbersConstructor<Result extends Numbers> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): Result;
}

/**
 * A section, or bytes [from, from + size) of it, as an array of its numbers. The mapping is private: writing to it
 * would not reach the file.
 * @throws InputError BAD_REFERENCE when the file has no such section of such numbers.
 */
export function mapNumbers<Result extends Numbers>(
  head: ContainerHead,
  name: string,
  constructor: NumbersConstructor<Result>,
  from = 0,
  size?: number,
): Result {
  const section = head.sections.get(name);
  const width = constructor.BYTES_PER_ELEMENT;
  if (section === undefined || section.width !== width || section.size % width !== 0) {
    throw refused(head.path, `has no section ${name}`);
  }
  if (section.offset + section.size > head.fileSize) throw refused(head.path, `ends before section ${name} does`);
  const bytes = Math.min(size ?? section.size, section.size - from);
  if (bytes === 0) return new constructor(new ArrayBuffer(0), 0, 0);
  const mapped = mmap(head.path, { shared: false, offset: section.offset + from, size: bytes });
  return new constructor(mapped.buffer, mapped.byteOffset, bytes / width);
}
