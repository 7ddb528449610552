/** Members of SQS requests, refused in SQS's words. */
import { AwsError } from '../errors.ts';
import { numberMember, stringMember, type JsonObject } from '../wire/json.ts';

/** A message stays hidden for 12 hours at most, counted from when it was received. */
export const VISIBILITY_SECONDS_MAX = 43_200;

/** InvalidParameterValue, saying which value of which parameter and why. */
export function invalidValue(value: string | number, parameter: string, reason: string): AwsError {
  const message = `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`;
  return new AwsError('InvalidParameterValue', 400, message);
}

/** A string that must be there and not be empty. Throws MissingParameter. */
export function requiredString(input: JsonObject, name: string): string {
  const value = stringMember(input, name);
  if (value) return value;
  throw new AwsError('MissingParameter', 400, `The request must contain the parameter ${name}.`);
}

/** A whole number between `min` and `max`, if it is there. Throws InvalidParameterValue. */
export function optionalInteger(input: JsonObject, name: string, min: number, max: number): number | undefined {
  const value = numberMember(input, name);
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidValue(value, name, `Must be between ${min} and ${max}, if provided.`);
}
