/**
 * Lambda: runs the functions the program was handed, by name. They run in this process, so there is nothing to create,
 * to configure or to time out; only what goes in and comes out is Lambda's: JSON, and errors as `errorMessage`,
 * `errorType` and `trace`.
 */
import { AwsError, notImplemented } from '../errors.ts';
import { ACCOUNT_ID, type AwsRequest, type Bus, type LambdaHandler, type Parts, type Service } from '../service.ts';
import { jsonResponse } from '../wire/json.ts';

const FUNCTIONS_PATH = /^\/2015-03-31\/functions(?:\/(?:([^/]+)\/invocations)?)?$/;

/** Lambda on the embedded cloud, and its part of the bus. */
export function createLambda(
  parts: Parts,
  functions: Readonly<Record<string, LambdaHandler>>,
): Service & Pick<Bus, 'invoke'> {
  const arn = (name: string) => `arn:aws:lambda:${parts.region}:${ACCOUNT_ID}:function:${name}`;

  const handlerOf = (nameOrArn: string): LambdaHandler => {
    const name = nameOrArn.split(':').at(-1) ?? '';
    const known = nameOrArn === name || nameOrArn === arn(name) || nameOrArn === `${ACCOUNT_ID}:function:${name}`;
    const handler = known && Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (!handler) throw new AwsError('ResourceNotFoundException', 404, `Function not found: ${arn(name)}`);
    return handler;
  };

  const invoke = async (functionArn: string, event: unknown): Promise<unknown> => {
    const answer = await handlerOf(functionArn)(asJson(event));
    return asJson(answer);
  };

  return {
    invoke,

    async handle(request) {
      const [path, name] = FUNCTIONS_PATH.exec(request.rawPath) ?? [];
      if (path !== undefined && name === undefined && request.method === 'GET') {
        const Functions = Object.keys(functions).map((each) => ({ FunctionName: each, FunctionArn: arn(each) }));
        return jsonResponse({ Functions }, request, 200, '1.1');
      }
      if (name === undefined || request.method !== 'POST') {
        throw notImplemented('Lambda', `${request.method} ${request.rawPath}`);
      }
      return await answerInvoke(request, decodeURIComponent(name), handlerOf, invoke);
    },

    error(error, request) {
      const { code, status, message } =
        error instanceof AwsError ? error : new AwsError('ServiceException', 500, 'The embedded cloud failed.');
      const Type = status < 500 ? 'User' : 'Service';
      return jsonResponse({ Type, Message: message }, request, status, '1.1', { 'x-amzn-errortype': code });
    },

    start() {},
    stop() {},
  };
}

/** What a failed function is answered with (Lambda Developer Guide, "Errors in Node.js functions"). */
export function functionError(error: unknown): { errorMessage: string; errorType: string; trace: string[] } {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return { errorMessage: message, errorType: name, trace: stack.split('\n') };
}

async function answerInvoke(
  request: AwsRequest,
  name: string,
  handlerOf: (name: string) => LambdaHandler,
  invoke: Bus['invoke'],
): Promise<Response> {
  handlerOf(name);
  const type = request.headers.get('x-amz-invocation-type') ?? 'RequestResponse';
  if (type === 'DryRun') return new Response(null, { status: 204 });
  if (type !== 'RequestResponse') throw notImplemented('Lambda', `Invoke of type ${type}`);
  const text = await new Response(request.body).text();
  let event: unknown;
  try {
    event = text === '' ? {} : JSON.parse(text);
  } catch {
    const message = 'Could not parse request body into json: the payload is not JSON.';
    throw new AwsError('InvalidRequestContentException', 400, message);
  }
  const headers = { 'x-amz-executed-version': '$LATEST' };
  try {
    return jsonResponse(await invoke(name, event), request, 200, '1.1', headers);
  } catch (error) {
    const unhandled = { ...headers, 'x-amz-function-error': 'Unhandled' };
    return jsonResponse(functionError(error), request, 200, '1.1', unhandled);
  }
}

/** What is left of a value on its way through JSON; nothing becomes null. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null)) as unknown;
}
