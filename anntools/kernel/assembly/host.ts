/** What the kernel asks of the host. Each may answer that it cannot: then the record is annotated by the host. */

/** Makes a transcript ready; answers its address, 0 when nothing is told of it, -1 without room. */
export declare function transcript(index: i32): i32;
/** Makes the pieces of a transcript's block at a place ready; answers their address, -1 without room. */
export declare function pieces(index: i32, place: i32): i32;
/** Makes the coding bases of the transcript at an address ready; false without room. */
export declare function coding(at: i32): bool;
/** Writes the names of a set of terms, in one of three ways; answers the address of their length and text, -1 without room. */
export declare function terms(low: i32, high: i32, how: i32): i32;
/** Copies a piece of the contig's sequence to an address; false where it has bases that are not known. */
export declare function bases(piece: i32, at: i32): bool;
/**
 * Looks an allele up in a source of known variants: REF and ALT lie at [ref, refEnd) and [alt, altEnd). When it is
 * there, its numbers are put at `codes`, a word for each field of the source.
 */
export declare function known(source: i32, offset: i32, ref: i32, refEnd: i32, alt: i32, altEnd: i32, codes: i32): bool;
/** Copies variants of a source from an offset on to its window (`known.ts`). */
export declare function window(source: i32, offset: i32): void;
/** The number of a variant's field that does not fit into its column. */
export declare function exception(source: i32, field: i32, entry: i32): i32;
/** Copies the text of a number to WORD; answers its length, -1 when it is too long. */
export declare function knownText(source: i32, field: i32, code: i32): i32;
