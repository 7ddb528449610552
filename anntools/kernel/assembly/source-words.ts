/** How a source of known variants is laid out, as byte offsets: the host (`../known-sources.ts`) lays it out, the kernel reads it. */

/** Of a source: its fields' address and how many, where its codes go, whether it is on the contig; whether it knows. */
export const FIELDS = 0;
export const FIELD_COUNT = 4;
export const CODES_AT = 8;
export const IS_ON_CONTIG = 12;
export const IS_KNOWN = 16;
/** Its window: where it lies, the offset from which and before which all are there, the first one's number, how many. */
export const WINDOW_AT = 20;
export const WINDOW_FROM = 24;
export const WINDOW_END = 28;
export const WINDOW_FIRST = 32;
export const WINDOW_COUNT = 36;
export const WINDOW_CURSOR = 40;
export const SOURCE_SIZE = 48;

/** Of a field: how its numbers are read, its label `;FIELD=`, what stands before a number; its identifiers' prefix. */
export const KIND = 0;
export const LABEL = 4;
export const PREFIX = 8;
export const IDENTIFIER = 12;
/** Where the numbers of the window's variants lie, and how many bytes each has (`../../lookup/known-column.ts`). */
export const NUMBERS = 16;
export const WIDTH = 20;
export const FIELD_SIZE = 24;

/** How numbers are read; of other kinds they are whole ones, or stand for texts. */
export const IS_FLOAT = 0;
export const IS_WORD = 1;
