/**
 * The query protocol, which SNS speaks: a form with `Action` and flattened members (`Attributes.entry.1.key`) in, XML
 * out. A GET with the same names in its query is the same request; links in e-mails and confirmations are such.
 */
import { notImplemented } from '../errors.ts';
import type { AwsRequest } from '../service.ts';
import { xmlDocument, type XmlValue } from './xml.ts';

/** The members of a query request, still flat. */
export class QueryInput {
  constructor(private readonly form: URLSearchParams) {}

  /** A member that is there and not empty. */
  text(name: string): string | undefined {
    return this.form.get(name) || undefined;
  }

  /** A member, also when it is empty. */
  rawText(name: string): string | undefined {
    return this.form.get(name) ?? undefined;
  }

  /** The members of a list, each with its names below `<name>.member.<n>.`. */
  list(name: string): QueryInput[] {
    return this.#numbered(`${name}.member.`);
  }

  /** The texts of a list of texts. */
  texts(name: string): string[] {
    return this.list(name).map((each) => each.rawText('') ?? '');
  }

  /** A map of texts. */
  map(name: string): Record<string, string> {
    return Object.fromEntries(
      this.entries(name).map((entry) => [entry.rawText('key') ?? '', entry.rawText('value') ?? '']),
    );
  }

  /** The entries of a map whose values are structures. */
  entries(name: string): QueryInput[] {
    return this.#numbered(`${name}.entry.`);
  }

  #numbered(prefix: string): QueryInput[] {
    const groups = new Map<number, URLSearchParams>();
    for (const [name, value] of this.form) {
      if (!name.startsWith(prefix)) continue;
      const [, index, rest] = /^(\d+)(?:\.(.*))?$/.exec(name.slice(prefix.length)) ?? [];
      if (index === undefined) continue;
      const group = groups.get(Number(index)) ?? new URLSearchParams();
      group.append(rest ?? '', value);
      groups.set(Number(index), group);
    }
    return [...groups].sort(([a], [b]) => a - b).map(([, form]) => new QueryInput(form));
  }
}

/** The operations of one service by their AWS name. What one returns is its `<…Result>`. */
export type QueryOperations = Record<string, (input: QueryInput) => XmlValue | void>;

/** Runs the operation a form names. Throws AwsError when the service does not carry it. */
export async function answerQuery(
  service: string,
  namespace: string,
  operations: QueryOperations,
  request: AwsRequest,
): Promise<Response> {
  const { operation, form } = await readQuery(request);
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (!run) throw notImplemented(service, operation);
  return queryResponse(operation, run(new QueryInput(form)) ?? undefined, namespace, request);
}

/** The operation a request names, and all its members, still flat. */
export async function readQuery(request: AwsRequest): Promise<{ operation: string; form: URLSearchParams }> {
  const body = await new Response(request.body).text();
  const form = new URLSearchParams(request.method === 'GET' ? request.query : body);
  return { operation: form.get('Action') ?? '', form };
}

/** An answer in the query protocol. */
export function queryResponse(operation: string, result: XmlValue, namespace: string, request: AwsRequest): Response {
  const document = { [`${operation}Result`]: result, ResponseMetadata: { RequestId: request.requestId } };
  return xmlResponse(xmlDocument(`${operation}Response`, document, namespace), 200, request);
}

/** An error as the query protocol says it. */
export function queryError(
  error: { code: string; status: number; message: string },
  namespace: string,
  request: AwsRequest,
): Response {
  const document = {
    Error: { Type: error.status < 500 ? 'Sender' : 'Receiver', Code: error.code, Message: error.message },
    RequestId: request.requestId,
  };
  return xmlResponse(xmlDocument('ErrorResponse', document, namespace), error.status, request);
}

function xmlResponse(body: string, status: number, request: AwsRequest): Response {
  return new Response(body, {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': request.requestId },
  });
}
