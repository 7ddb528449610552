/**
 * Message attributes: checked as SQS checks them, and digested as SQS digests them, since every SDK recomputes the
 * digest and refuses an answer that differs.
 */
import { AwsError } from '../errors.ts';
import type { MessageAttributes } from '../service.ts';
import { isJsonObject, objectMember, stringMember, type JsonObject } from '../wire/json.ts';

const ATTRIBUTES_MAX = 10;
const NAME_LENGTH_MAX = 256;

/** Reads and checks the attributes in a member of a request. Throws InvalidParameterValue. */
export function messageAttributes(input: JsonObject, member: string): MessageAttributes {
  const attributes = objectMember(input, member) ?? {};
  const count = Object.keys(attributes).length;
  if (count > ATTRIBUTES_MAX) {
    throw invalid(`Number of message attributes [${count}] exceeds the allowed maximum [${ATTRIBUTES_MAX}].`);
  }
  return checkedAttributes(attributes);
}

/** Checks each attribute: its name, its type, and that it has a value of that type. Throws InvalidParameterValue. */
export function checkedAttributes(attributes: JsonObject): MessageAttributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, messageAttribute(name, value)]));
}

/** The attributes a receiver asked for: by name, `All`, `.*`, or `prefix.*`. */
export function chosenAttributes(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  const isWanted = (name: string) =>
    wanted.some(
      (each) => each === 'All' || each === name || (each.endsWith('.*') && name.startsWith(each.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

/** Bytes the attributes count for in the size of a message: names, types and values. */
export function attributesSize(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.byteLength(BinaryValue, 'base64'),
    0,
  );
}

/**
 * MD5OfMessageAttributes (Developer Guide, "Calculating the MD5 message digest for message attributes"): by name, each
 * of name and type with its length in four bytes, then 1 for text or 2 for binary, then the value with its length.
 */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const md5 = new Bun.CryptoHasher('md5');
  const length = Buffer.alloc(4);
  const add = (bytes: Buffer) => {
    length.writeUInt32BE(bytes.length);
    md5.update(length).update(bytes);
  };
  const byName = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { DataType, StringValue, BinaryValue }] of byName) {
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    md5.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    add(BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64'));
  }
  return md5.digest('hex');
}

function messageAttribute(name: string, value: unknown): MessageAttributes[string] {
  const badName =
    !/^[\w.-]+$/.test(name) || name.length > NAME_LENGTH_MAX || /^(aws\.|amazon\.|\.)|\.\.|\.$/i.test(name);
  if (badName) throw invalid(`Invalid message attribute name '${name}'.`);
  if (!isJsonObject(value)) throw invalid(`The message attribute '${name}' must be an object.`);
  const DataType = stringMember(value, 'DataType') ?? '';
  if (!DataType) throw invalid(`The message attribute '${name}' must contain a non-empty message attribute type.`);
  const type = DataType.split('.')[0];
  if (type !== 'String' && type !== 'Number' && type !== 'Binary') {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const content = stringMember(value, type === 'Binary' ? 'BinaryValue' : 'StringValue');
  if (!content) {
    throw invalid(
      `The message attribute '${name}' must contain a non-empty message attribute value for type '${type}'.`,
    );
  }
  if (type === 'Number' && !Number.isFinite(Number(content))) {
    throw invalid(`Can't cast the value of message attribute '${name}' to a number.`);
  }
  return type === 'Binary' ? { DataType, BinaryValue: content } : { DataType, StringValue: content };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', 400, message);
}
