/**
 * The binary files of a bundle: a checked header with a table of named sections, then the sections, each a run of
 * fixed-width numbers that is used where it lies. `FORMAT.md` draws the bytes. A file that is cut short, damaged in
 * its header or of another kind is refused at the door; a changed byte in a section is found by `damagedSection`.
 */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { InputError } from '../errors.ts';

export type ContainerKind = 'models' | 'sequence' | 'known';

const MAGIC = Buffer.from('ANNTOOLS');
const FORMAT_VERSION = 1;
const KINDS: Record<ContainerKind, number> = { models: 1, sequence: 2, known: 3 };

/** Header and section table together; the first section starts here. */
const HEAD_SIZE = 8192;
const HEADER_SIZE = 64;
const ROW_SIZE = 64;
const NAME_SIZE = 40;
const SECTIONS_MAX = (HEAD_SIZE - HEADER_SIZE) / ROW_SIZE;
/** Sections start on cache lines. */
const ALIGNMENT = 64;

export interface Section {
  name: string;
  /** Bytes of one number. */
  width: number;
  crc: number;
  /** In the file. */
  offset: number;
  size: number;
}

export type Numbers = Uint8Array | Int8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Writes one file, section after section, each streamed. The file must not exist. */
export class ContainerWriter {
  readonly #file: number;
  readonly #sections: Section[] = [];
  #position = 0;
  #open: Section | undefined;

  /** @param id 16 bytes that all files of one bundle share. */
  constructor(
    path: string,
    readonly kind: ContainerKind,
    readonly id: Uint8Array,
  ) {
    this.#file = openSync(path, 'wx');
    this.#append(new Uint8Array(HEAD_SIZE));
  }

  /** Bytes written to the open section. */
  get sectionSize(): number {
    return this.#open?.size ?? 0;
  }

  begin(name: string, width: number): void {
    if (this.#sections.length === SECTIONS_MAX || name.length > NAME_SIZE)
      throw new Error(`no room for section ${name}`);
    this.#append(new Uint8Array(-this.#position & (ALIGNMENT - 1)));
    this.#open = { name, width, crc: 0, offset: this.#position, size: 0 };
    this.#sections.push(this.#open);
  }

  /** Adds to the open section. */
  write(bytes: Uint8Array): void {
    if (!this.#open) throw new Error('no section is open');
    this.#open.crc = Bun.hash.crc32(bytes, this.#open.crc);
    this.#open.size += bytes.length;
    this.#append(bytes);
  }

  /** A whole section at once. */
  section(name: string, numbers: Numbers): void {
    this.begin(name, numbers.BYTES_PER_ELEMENT);
    this.write(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }

  /** Writes the head, makes the file durable and closes it. Answers its size. */
  finish(): number {
    writeFully(this.#file, headOf(this.kind, this.id, this.#position, this.#sections), 0);
    fsyncSync(this.#file);
    closeSync(this.#file);
    return this.#position;
  }

  /** Closes the file unfinished. */
  abandon(): void {
    closeSync(this.#file);
  }

  #append(bytes: Uint8Array): void {
    writeFully(this.#file, bytes, this.#position);
    this.#position += bytes.length;
  }
}

function writeFully(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

function headOf(kind: ContainerKind, id: Uint8Array, fileSize: number, sections: readonly Section[]): Buffer {
  const head = Buffer.alloc(HEAD_SIZE);
  MAGIC.copy(head);
  head.writeUInt32LE(FORMAT_VERSION, 8);
  head.writeUInt32LE(KINDS[kind], 12);
  head.writeBigUInt64LE(BigInt(fileSize), 16);
  head.writeUInt32LE(sections.length, 24);
  head.set(id, 32);
  sections.forEach(({ name, width, crc, offset, size }, i) => {
    const row = HEADER_SIZE + i * ROW_SIZE;
    head.write(name, row, 'latin1');
    head.writeUInt32LE(width, row + 40);
    head.writeUInt32LE(crc, row + 44);
    head.writeBigUInt64LE(BigInt(offset), row + 48);
    head.writeBigUInt64LE(BigInt(size), row + 56);
  });
  head.writeUInt32LE(headCrc(head), 28);
  return head;
}

/** The checksum of the head, its own four bytes taken as zero. */
function headCrc(head: Buffer): number {
  const copy = Buffer.from(head);
  copy.writeUInt32LE(0, 28);
  return Bun.hash.crc32(copy);
}

/** The head of a file that was found in order. */
export interface ContainerHead {
  path: string;
  /** Hexadecimal. */
  id: string;
  fileSize: number;
  sections: ReadonlyMap<string, Section>;
}

/** Reads and checks the head of a file. @throws InputError BAD_REFERENCE that says what is wrong with it. */
export function readHead(path: string, kind: ContainerKind): ContainerHead {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw refused(
      path,
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : `cannot be read (${String(cause)})`,
    );
  }
  try {
    const { size } = fstatSync(file);
    const head = Buffer.alloc(HEAD_SIZE);
    const read = readSync(file, head, 0, HEAD_SIZE, 0);
    return checkedHead(path, kind, head.subarray(0, read), size);
  } finally {
    closeSync(file);
  }
}

function checkedHead(path: string, kind: ContainerKind, head: Buffer, size: number): ContainerHead {
  if (head.length < HEADER_SIZE || !head.subarray(0, 8).equals(MAGIC))
    throw refused(path, 'is not a file of an anntools bundle');
  const version = head.readUInt32LE(8);
  if (version !== FORMAT_VERSION) {
    throw refused(path, `is of format version ${version}, and this program reads version ${FORMAT_VERSION}`);
  }
  if (head.length < HEAD_SIZE) throw refused(path, `is cut short: it has ${size} bytes`);
  if (head.readUInt32LE(28) !== headCrc(head)) throw refused(path, 'has a damaged header');
  if (head.readUInt32LE(12) !== KINDS[kind]) throw refused(path, `does not hold ${kind}`);
  const fileSize = Number(head.readBigUInt64LE(16));
  if (fileSize !== size) throw refused(path, `has ${size} bytes where ${fileSize} were written`);
  const sections = new Map<string, Section>();
  for (let i = 0; i < head.readUInt32LE(24); i++) {
    const row = HEADER_SIZE + i * ROW_SIZE;
    const name = head.toString('latin1', row, row + NAME_SIZE).replace(/\0+$/, '');
    sections.set(name, {
      name,
      width: head.readUInt32LE(row + 40),
      crc: head.readUInt32LE(row + 44),
      offset: Number(head.readBigUInt64LE(row + 48)),
      size: Number(head.readBigUInt64LE(row + 56)),
    });
  }
  return { path, id: head.toString('hex', 32, 48), fileSize, sections };
}

/** What to say of a bundle file that cannot be used. */
export function refused(path: string, what: string): InputError {
  return new InputError(
    'BAD_REFERENCE',
    `the reference's ${basename(path)} ${what}: build or install the reference again`,
  );
}

const CHECK_SIZE = 1 << 22;

/** The first section whose bytes are not those that were written, or undefined. Reads the whole file. */
export function damagedSection(
  { path, sections }: ContainerHead,
  onBytes: (count: number) => void = () => {},
): string | undefined {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHECK_SIZE);
    for (const { name, crc, offset, size } of sections.values()) {
      let found = 0;
      for (let at = 0; at < size;) {
        const read = readSync(file, buffer, 0, Math.min(CHECK_SIZE, size - at), offset + at);
        if (read === 0) return name;
        found = Bun.hash.crc32(buffer.subarray(0, read), found);
        at += read;
        onBytes(read);
      }
      if (found !== crc) return name;
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}
