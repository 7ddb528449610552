/**
 * The keys of INFO and FORMAT by their bytes: found without making a string, each with what is known of it. Keys that
 * nobody declared are entered when they are first seen.
 */
import type { Dialect } from './dialect.ts';
import { type FieldType, NOT_NEGATIVE, reserved, reservedForStructural } from './reserved.ts';
import { valueType } from './values.ts';

/** How many values: a number, or one of these. */
export const Count = {
  ANY: -1,
  A: -2,
  R: -3,
  G: -4,
  P: -5,
  LA: -6,
  LR: -7,
  LG: -8,
  TWO_A: -9,
  FOUR_A: -10,
  RN: -11,
  TWO_RN: -12,
} as const;

const COUNTS: Record<string, number> = {
  A: Count.A,
  R: Count.R,
  G: Count.G,
  P: Count.P,
  LA: Count.LA,
  LR: Count.LR,
  LG: Count.LG,
  '2A': Count.TWO_A,
  '4A': Count.FOUR_A,
  RN: Count.RN,
  '2RN': Count.TWO_RN,
};

/** What has to be looked at besides count and type. */
export const Special = { NONE: 0, CIGAR: 1, END: 2, SVLEN: 3, SVCLAIM: 4, LAA: 5, GT: 6, RN: 7 } as const;

export interface Key {
  name: string;
  bytes: Uint8Array;
  /** Whether it may be a key at all. */
  valid: boolean;
  /** Whether the header declares it or the specification reserves it. */
  known: boolean;
  number: string;
  count: number;
  type: number;
  typeName: string;
  notNegative: boolean;
  special: number;
  /** Line of the record in which it was last seen, to see it twice in one. */
  seen: number;
  /** Whether it was said that nobody declares it. */
  said: boolean;
}

/** Undeclared keys kept; a file that invents more is not slowed down by much, and not held in memory. */
const KEYS_MAX = 1 << 16;
const SLOTS = 1 << 10;

/** Numbers that the specification tells in words, while the header says `.` (4.4 section 3). */
export const COUNTED = /^(\dA|2?RN)$/;

/** Whether a key of INFO or FORMAT is written as the version wants it: 4.3 sections 1.6.1 and 1.6.2, older rules. */
export function isKey(kind: 'INFO' | 'FORMAT', name: string, { strictKeys }: Dialect): boolean {
  return (strictKeys ? KEY : OLD_KEY[kind]).test(name) || (kind === 'INFO' && name === '1000G');
}

const KEY = /^[A-Za-z_][0-9A-Za-z_.]*$/;
/** Until 4.2: INFO without white space, semicolon and equals sign; FORMAT "alphanumeric". */
const OLD_KEY = { INFO: /^[^\s;=,]+$/, FORMAT: /^[0-9A-Za-z]+$/ };

export class KeyTable {
  private readonly slots: Key[][] = Array.from({ length: SLOTS }, () => []);
  private size = 0;

  constructor(
    private readonly kind: 'INFO' | 'FORMAT',
    private readonly declared: ReadonlyMap<string, FieldType>,
    private readonly dialect: Dialect,
  ) {}

  /** The key bytes[start, end). */
  find(bytes: Uint8Array, start: number, end: number): Key {
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (hash * 31 + bytes[i]) | 0;
    const slot = this.slots[hash & (SLOTS - 1)];
    for (let i = 0; i < slot.length; i++) if (equals(slot[i].bytes, bytes, start, end)) return slot[i];
    const key = this.make(Buffer.from(bytes.subarray(start, end)));
    if (this.size++ < KEYS_MAX) slot.push(key);
    return key;
  }

  private make(bytes: Buffer): Key {
    const { kind, dialect } = this;
    const name = bytes.toString();
    const declared = this.declared.get(name);
    const fixed = reserved(kind, name, dialect.version) ?? reservedForStructural(kind, name, dialect.version);
    const { number, type } = declared ?? fixed ?? { number: '.', type: 'String' };
    const special = specialOf(kind, name, dialect);
    const counted = fixed && COUNTED.test(fixed.number) ? fixed.number : number;
    return {
      name,
      bytes,
      valid: isKey(kind, name, dialect),
      known: declared !== undefined || fixed !== undefined,
      number: counted,
      count: countOf(kind, name, counted),
      type: valueType(type),
      typeName: type,
      notNegative: NOT_NEGATIVE[kind].has(name),
      special,
      seen: 0,
      said: false,
    };
  }
}

function countOf(kind: 'INFO' | 'FORMAT', name: string, number: string): number {
  // Of INFO no ploidy is known; copy numbers are counted from zero up (4.3 section 4), GLE names its genotypes (4.1).
  if (number === 'G' && (kind === 'INFO' || /^(CNL|CNP|GLE)$/.test(name))) return Count.ANY;
  return /^\d+$/.test(number) ? Number(number) : (COUNTS[number] ?? Count.ANY);
}

function specialOf(kind: 'INFO' | 'FORMAT', name: string, { localAlleles }: Dialect): number {
  if (kind === 'FORMAT')
    return name === 'GT' ? Special.GT : name === 'LAA' && localAlleles ? Special.LAA : Special.NONE;
  switch (name) {
    case 'CIGAR':
      return Special.CIGAR;
    case 'END':
      return Special.END;
    case 'SVLEN':
      return Special.SVLEN;
    case 'RN':
      return Special.RN;
    case 'SVCLAIM':
      return Special.SVCLAIM;
    default:
      return Special.NONE;
  }
}

/** What to say when there are `count` values and `expected` are meant. */
export function wrongCount(key: Key, count: number, expected: number): string {
  const values = `has ${count} value${count === 1 ? '' : 's'} of ${key.name}`;
  return key.count >= 0
    ? `${values}; its Number is ${key.number}`
    : `${values}; Number=${key.number} means ${expected} here`;
}

export function equals(one: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (one.length !== end - start) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== bytes[start + i]) return false;
  return true;
}
