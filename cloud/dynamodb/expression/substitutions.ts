/**
 * The placeholders of a request: `#names` for attribute names and `:values` for values, shared by all expressions
 * of the request. Each one given must be used somewhere.
 */
import type { JsonObject } from '../../wire/json.ts';
import { objectMember, stringMapMember, stringMember } from '../../wire/json.ts';
import { AwsError } from '../../errors.ts';
import type { AttributeValue } from '../attribute-value.ts';
import { readAttributeValue } from '../attribute-value.ts';
import { validation } from '../errors.ts';

/** The placeholders of one request. */
export class Substitutions {
  readonly #names: Map<string, string>;
  readonly #values: Map<string, AttributeValue>;
  readonly #unusedNames: Set<string>;
  readonly #unusedValues: Set<string>;

  /**
   * Reads ExpressionAttributeNames and ExpressionAttributeValues. `expressions` are the members of the request that
   * may use them. Throws ValidationException when they are malformed or nothing can use them.
   */
  constructor(input: JsonObject, expressions: readonly string[]) {
    const given = expressions.filter((member) => stringMember(input, member) !== undefined);
    const withValues = expressions.filter((member) => member !== 'ProjectionExpression');
    if (input.ExpressionAttributeNames && given.length === 0) {
      throw validation('ExpressionAttributeNames can only be specified when using expressions');
    }
    if (input.ExpressionAttributeValues && !withValues.some((member) => given.includes(member))) {
      const are = withValues.length > 1 ? 'are' : 'is';
      throw validation(
        'ExpressionAttributeValues can only be specified when using expressions: ' +
          `${withValues.join(' and ')} ${are} null`,
      );
    }
    this.#names = readNames(input);
    this.#values = readValues(input);
    this.#unusedNames = new Set(this.#names.keys());
    this.#unusedValues = new Set(this.#values.keys());
  }

  /** The attribute a `#name` stands for. */
  name(placeholder: string): string | undefined {
    this.#unusedNames.delete(placeholder);
    return this.#names.get(placeholder);
  }

  /** What a `:value` stands for. */
  value(placeholder: string): AttributeValue | undefined {
    this.#unusedValues.delete(placeholder);
    return this.#values.get(placeholder);
  }

  /** To be called when every expression has been read. Throws ValidationException when a placeholder was not used. */
  checkAllUsed(): void {
    for (const [member, unused] of [
      ['ExpressionAttributeNames', this.#unusedNames],
      ['ExpressionAttributeValues', this.#unusedValues],
    ] as const) {
      if (unused.size > 0) {
        throw validation(`Value provided in ${member} unused in expressions: keys: {${[...unused].join(', ')}}`);
      }
    }
  }
}

function readNames(input: JsonObject): Map<string, string> {
  const names = new Map(Object.entries(stringMapMember(input, 'ExpressionAttributeNames')));
  checkPlaceholders(input, 'ExpressionAttributeNames', names, /^#\w+$/);
  return names;
}

function readValues(input: JsonObject): Map<string, AttributeValue> {
  const given = new Map(Object.entries(objectMember(input, 'ExpressionAttributeValues') ?? {}));
  checkPlaceholders(input, 'ExpressionAttributeValues', given, /^:\w+$/);
  return new Map([...given].map(([placeholder, json]) => [placeholder, readValue(placeholder, json)]));
}

function readValue(placeholder: string, json: unknown): AttributeValue {
  try {
    return readAttributeValue(json);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
    throw validation(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${placeholder}`);
  }
}

function checkPlaceholders(input: JsonObject, member: string, map: Map<string, unknown>, pattern: RegExp): void {
  if (input[member] && map.size === 0) throw validation(`${member} must not be empty`);
  for (const placeholder of map.keys()) {
    if (!pattern.test(placeholder)) {
      throw validation(`${member} contains invalid key: Syntax error; key: "${placeholder}"`);
    }
  }
}
