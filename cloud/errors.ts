/** An error as AWS says it: a code for programs, a sentence for people, an HTTP status. Each wire writes it its own way. */
export class AwsError extends Error {
  constructor(
    /** AWS's own code, letter for letter, e.g. `NoSuchKey`, `ConditionalCheckFailedException`. */
    readonly code: string,
    /** HTTP status AWS sends with this code. */
    readonly status: number,
    message: string,
    /** Further members of the error body, e.g. `CancellationReasons`, or S3's `Key`. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** What anything we do not carry answers: AWS's error shape, naming the operation. */
export function notImplemented(service: string, operation: string): AwsError {
  return new AwsError('NotImplemented', 501, `The embedded cloud does not implement ${service} ${operation}.`);
}
