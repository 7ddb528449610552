/**
 * Where things lie in the kernel's memory, for both sides: the kernel and its host (`../kernel.ts`) import this file.
 * Everything is an address, or a count of 32-bit words or bytes.
 */

/** Words of 32 bits that host and kernel tell each other by, at `STATE + 4 × index`. */
export const STATE = 0x10000;
/** Address of the next byte of the batch, and of its end. */
export const AT = 0;
export const END = 1;
/** Bytes of text written and not yet taken. */
export const TEXT_LENGTH = 2;
/** One-based line of the batch that was read last. */
export const LINE = 3;
/** Entries of the log for the index. */
export const LOGGED = 4;
/** Where the line ends that the kernel did not annotate: at its newline, or at the end of the batch. */
export const STOP = 5;
/** Offsets of the line that is being annotated: the end of each of its eight fields, then POS, and its last byte. */
export const FIELD_ENDS = 6;
export const POSITION = 14;
export const LINE_START = 15;
export const LINE_END = 16;
/** Whether a record that is known is left to the host, which tells of it as an example. */
export const WANTS_KNOWN = 17;
/** Of the index (`log.ts`), handed back and forth: the last record's start, its bin, the next window, whether all is in order. */
export const INDEX_START = 18;
export const INDEX_BIN = 19;
export const INDEX_WINDOW = 20;
export const INDEX_SORTED = 21;
/** Levels of bins; 0 when no index is made. */
export const INDEX_DEPTH = 22;
/** Of the records since: the first one's start or -1, the largest end, and how many. */
export const INDEX_FIRST = 23;
export const INDEX_END_MAX = 24;
export const INDEX_RECORDS = 25;

/** What was counted since the host last took it; in words (`pipeline/ordinary.ts` adds it up). */
export const TALLY = 0x11000;
export const RECORDS = 0;
export const VARIANTS = 1;
export const PASSING = 2;
export const TRANSITIONS = 3;
export const TRANSVERSIONS = 4;
export const REF_COMPARED = 5;
export const BANDED = 6;
export const CLASSES = 16;
export const WORST_TERMS = 32;
export const ANY_TERMS = 80;
export const FREQUENCIES = 128;
export const INDEL_LENGTHS = 192;
export const STRETCHES = 304;
export const STRETCHES_MAX = 2048;
export const QUALITIES = 2352;
/** By source of known variants, and by track. */
export const KNOWN_ALLELES = 6464;
export const TRACK_RECORDS = 6528;
export const SOURCES_MAX = 64;
/** Words in all. */
export const TALLY_SIZE = 6592;

/** Identifiers of the record, as known variants have them. */
export const EXISTING = 0x18000;
export const EXISTING_MAX = 0x400;
/** Of each source of known variants the numbers of the record's allele, a word for each of its fields. */
export const CODES = 0x19000;
export const CODES_MAX = 0x400;
/** A text that the host was asked for. */
export const WORD = 0x1a000;
export const WORD_MAX = 0x400;
/** Sources of known variants, and tracks, as `known.ts` and `tracks.ts` have them. */
export const SOURCES = 0x1b000;
export const TRACKS = 0x1c000;
/** The allele moved to the left. */
export const LEFT_MOST = 0x1f000;

/**
 * What the index is told of (`log.ts`), four words each: which kind; of a chunk its bin and how many records came before
 * it since, of windows the first and the last, of a record out of order its start and line; the bytes of text before.
 */
export const LOG = 0x20000;
export const LOG_FIELDS = 4;
export const LOG_MAX = 4096;
export const LOG_CHUNK = 0;
export const LOG_WINDOW = 1;
export const LOG_UNSORTED = 2;

/** Transcripts near the record, as addresses. */
export const NEAR = 0x30000;
export const NEAR_MAX = 2048;

/** Sets of terms whose text is known, by a hash of the set. */
export const TERM_SLOTS = 0x34000;
export const TERM_SLOT_COUNT = 1024;

/** Which piece of the sequence lies in each slot. */
export const SEQUENCE_TAGS = 0x38000;
/** Bases of the shifted allele. */
export const MOVED = 0x39000;
/** Frequencies of the record by bin, until it is sure that it is counted here. */
export const PENDING = 0x3a000;
export const PENDING_MAX = 64;

/** Three letters for each one-letter code of a residue, four bytes apart. */
export const RESIDUE_NAMES = 0x3b000;
/** Texts of the classes of change, as offset and length, then the letters. */
export const CHANGE_NAMES = 0x3c000;

/** Of the block at each place (`engine/prepared-row.ts`): where the columns between its pieces lie, a word each, and how many. */
export const ROWS = 0x3d000;

/** Pieces of the sequence, two bits a base. */
export const SEQUENCE = 0x40000;
export const SEQUENCE_SLOTS = 256;
/** Bases of a piece: 2^13, in 2 KiB; short, since one with an unknown base is left to the host. */
export const SEQUENCE_BITS = 13;

/** The text of the batch. */
export const BATCH = 0x140000;
export const BATCH_SIZE = 0x300000;
/** The text that is written. */
export const TEXT = 0x440000;
export const TEXT_SIZE = 0x100000;
/** From here on the host hands out memory, up to the end. */
export const ARENA = 0x540000;
export const MEMORY_SIZE = 0x4000000;
