/**
 * AWS JSON, versions 1.0 and 1.1: `X-Amz-Target` names the operation, the body is one JSON object of members.
 * Used by SQS, Step Functions and DynamoDB. Members are read by the typed readers below, once, at the border.
 */
import { AwsError, notImplemented } from '../errors.ts';
import type { AwsRequest } from '../service.ts';

/** The members of a request or an answer. */
export type JsonObject = Record<string, unknown>;

/** The operations of one service by their AWS name. What one returns is the answer's members; nothing means `{}`. */
export type JsonOperations = Record<string, (input: JsonObject, request: AwsRequest) => unknown>;

/** Runs the operation a JSON request names. Throws AwsError when the service does not carry it. */
export async function answerJson(
  service: string,
  operations: JsonOperations,
  request: AwsRequest,
  version: '1.0' | '1.1' = '1.0',
): Promise<Response> {
  const operation = (request.headers.get('x-amz-target') ?? '').split('.').at(-1) ?? '';
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (!run) throw notImplemented(service, operation);
  const output = (await run(await readJson(request), request)) ?? {};
  return jsonResponse(output, request, 200, version);
}

/** An answer in AWS JSON. */
export function jsonResponse(
  members: unknown,
  request: AwsRequest,
  status = 200,
  version: '1.0' | '1.1' = '1.0',
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(members), {
    status,
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amzn-requestid': request.requestId,
      ...headers,
    },
  });
}

/** The whole body as one JSON object. Throws SerializationException when it is not one. */
export async function readJson(request: AwsRequest): Promise<JsonObject> {
  const text = await new Response(request.body).text();
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Answered below: the same sentence for what is no JSON and for JSON that is no object.
  }
  throw serialization('The request body is not a JSON object.');
}

/** Whether a JSON value is an object, neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is a string, if it is there. */
export function stringMember(input: JsonObject, name: string): string | undefined {
  return member(input, name, 'a string', (value) => typeof value === 'string');
}

/** A member that is a number, if it is there. */
export function numberMember(input: JsonObject, name: string): number | undefined {
  return member(input, name, 'a number', (value) => typeof value === 'number');
}

/** A member that is true or false, if it is there. */
export function booleanMember(input: JsonObject, name: string): boolean | undefined {
  return member(input, name, 'true or false', (value) => typeof value === 'boolean');
}

/** A member that is an object, if it is there. */
export function objectMember(input: JsonObject, name: string): JsonObject | undefined {
  return member(input, name, 'an object', isJsonObject);
}

/** A member that is a map of strings; an absent one is empty. */
export function stringMapMember(input: JsonObject, name: string): Record<string, string> {
  const isStringMap = (value: unknown): value is Record<string, string> =>
    isJsonObject(value) && Object.values(value).every((each) => typeof each === 'string');
  return member(input, name, 'a map of strings', isStringMap) ?? {};
}

/** A member that is a list of strings; an absent one is empty. */
export function stringListMember(input: JsonObject, name: string): string[] {
  const isStringList = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((each) => typeof each === 'string');
  return member(input, name, 'a list of strings', isStringList) ?? [];
}

/** A member that is a list of objects; an absent one is empty. */
export function objectListMember(input: JsonObject, name: string): JsonObject[] {
  const isObjectList = (value: unknown): value is JsonObject[] => Array.isArray(value) && value.every(isJsonObject);
  return member(input, name, 'a list of objects', isObjectList) ?? [];
}

function member<T>(input: JsonObject, name: string, what: string, is: (value: unknown) => value is T): T | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (is(value)) return value;
  throw serialization(`The member ${name} must be ${what}.`);
}

function serialization(message: string): AwsError {
  return new AwsError('SerializationException', 400, message);
}
