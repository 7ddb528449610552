/**
 * Errors a person can do something about. Each has a code for programs and a sentence for people, and only these
 * reach a page; everything else is a fault, logged with its cause and shown as "something went wrong".
 */
export type UserErrorCode =
  | 'BAD_FORM'
  | 'BAD_CREDENTIALS'
  | 'EMAIL_TAKEN'
  | 'NOT_SIGNED_IN'
  | 'NOT_FOUND'
  | 'NOT_YOURS'
  | 'TOO_LARGE'
  | 'NO_UPLOAD'
  | 'EMPTY_UPLOAD'
  | 'WRONG_STATE'
  | 'PREMIUM_ONLY'
  | 'TOO_MANY';

export class UserError extends Error {
  constructor(
    readonly code: UserErrorCode,
    /** A whole sentence: what is wrong and what to do. */
    message: string,
    /** The form field it is about, if any. */
    readonly field?: string,
  ) {
    super(message);
    this.name = 'UserError';
  }
}
