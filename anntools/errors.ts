/** Where in the input something is wrong. Lines are one-based; an offset counts bytes of the file as it is stored. */
export interface InputPlace {
  line?: number;
  field?: string;
  offset?: number;
}

/** What can be wrong with an input as a whole, or with one of its lines. */
export type InputErrorCode =
  | 'EMPTY'
  | 'NOT_VCF'
  | 'NO_HEADER_LINE'
  | 'TRUNCATED'
  | 'CORRUPT_COMPRESSION'
  | 'TOO_LARGE'
  | 'UNREADABLE'
  | 'BAD_LINE'
  | 'BAD_REFERENCE'
  | 'BAD_MODELS'
  | 'BAD_OPTION'
  | 'DOWNLOAD_FAILED';

/**
 * The input is wrong, and the person who gave it can mend it: a code for programs, a sentence for people that says
 * what is wrong, where, and what to do. Anything else thrown by the engine is a fault of ours.
 */
export class InputError extends Error {
  constructor(
    readonly code: InputErrorCode,
    message: string,
    readonly place: InputPlace = {},
  ) {
    super(message);
    this.name = 'InputError';
  }
}
