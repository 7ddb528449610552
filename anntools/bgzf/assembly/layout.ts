/** Where things lie in the memory of the deflater, for both sides: addresses and sizes in bytes. */

/** The text to compress, at most a BGZF block of it; it may be read a few bytes further. */
export const TEXT = 0x10000;
/** What becomes of it: two bytes for each of the text are enough, however little there is to gain. */
export const DEFLATED = 0x30000;

/** Last place of each hash of seven bytes, as 16 bits; none where it is `NOWHERE`. */
export const PLACES = 0x60000;
export const PLACE_BITS = 14;
/** Matches in their order, eight bytes each: literals before it, then its length and distance less one. */
export const MATCHES = 0x68000;

/** How often each symbol is met, a word each: literals and lengths, then distances, then lengths of codes. */
export const LITERAL_COUNTS = 0x90000;
export const DISTANCE_COUNTS = 0x90500;
export const LENGTH_COUNTS = 0x90600;
/** Lengths of their codes, a byte each; the codes, a word each: bits from the lowest on, then the length in the low byte. */
export const LITERAL_LENGTHS = 0x90700;
export const DISTANCE_LENGTHS = 0x90840;
export const LENGTH_LENGTHS = 0x90880;
export const LITERAL_CODES = 0x90900;
export const DISTANCE_CODES = 0x90e00;
export const LENGTH_CODES = 0x90f00;

/** Of a match's length: its symbol, a byte; and its code with the extra bits behind it, a word. */
export const MATCH_SYMBOLS = 0x91000;
export const MATCH_CODES = 0x91200;
/** Of a symbol of lengths: the smallest length, two bytes, and how many extra bits, one. */
export const MATCH_BASES = 0x91700;

/** Lengths of codes as they are sent, two bytes each. */
export const SENT = 0x91800;
/** Scratch of `huffman.ts`. */
export const SCRATCH = 0x92000;
