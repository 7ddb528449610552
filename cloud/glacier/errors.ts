/** The errors Glacier answers with (S3 Glacier Developer Guide, "Error responses"). */
import { AwsError } from '../errors.ts';

/** A vault, archive, job or upload that is not there. */
export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', 404, message);
}

/** A parameter that is wrong. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', 400, message);
}

/** A parameter that is not there. */
export function missingParameter(name: string): AwsError {
  return new AwsError('MissingParameterValueException', 400, `Required parameter missing: ${name}`);
}
