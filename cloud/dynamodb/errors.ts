/** The errors DynamoDB answers with, in AWS's words; programs compare codes, people read the sentences. */
import { AwsError } from '../errors.ts';
import type { Item } from './attribute-value.ts';

/** The request is well-formed JSON, but DynamoDB's rules forbid what it says. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationException', 400, message);
}

/**
 * A key that is empty. AWS refuses it before it looks at anything else, so it fails a whole transaction, where other
 * errors of keys are a reason to cancel it.
 */
export class EmptyKeyError extends AwsError {
  constructor(message: string) {
    super('ValidationException', 400, `One or more parameter values are not valid. ${message}`);
  }
}

/** Most rules about values begin with this sentence. */
export function invalidParameter(message: string): AwsError {
  return validation(`One or more parameter values were invalid: ${message}`);
}

/** The JSON does not have the types of the request's members. */
export function serialization(message: string): AwsError {
  return new AwsError('SerializationException', 400, message);
}

/** The one sentence AWS says for every failed condition. */
export const conditionFailedMessage = 'The conditional request failed';

/** A condition expression was false. `item` is what lies there, when the request asked to see it. */
export function conditionFailed(item?: Item): AwsError {
  return new AwsError('ConditionalCheckFailedException', 400, conditionFailedMessage, item ? { Item: item } : {});
}

/** A table (or index) that is not there. */
export function resourceNotFound(message = 'Requested resource not found'): AwsError {
  return new AwsError('ResourceNotFoundException', 400, message);
}

/** A table that is there already, or may not be deleted. */
export function resourceInUse(message: string): AwsError {
  return new AwsError('ResourceInUseException', 400, message);
}
