/** Functions by Lambda's REST API: what goes in, what comes out, and how errors look. Signatures are the server's matter. */
import { systemClock } from '../../../cloud/clock.ts';
import { createLambda } from '../../../cloud/lambda/index.ts';
import type { AwsRequest, Parts } from '../../../cloud/service.ts';
import { describe, expect, test } from 'bun:test';

const kept = { list: [1] };
const lambda = createLambda({ region: 'us-east-1', clock: systemClock } as Parts, {
  echo: async (event) => event,
  nothing: async () => {},
  mutate: async (event) => void (event as typeof kept).list.push(2),
  fail: async () => {
    throw new RangeError('too far');
  },
});

async function request(method: string, rawPath: string, body = '', headers: Record<string, string> = {}) {
  const asked = {
    method,
    rawPath,
    headers: new Headers(headers),
    body: new Blob([body]).stream(),
    requestId: 'r',
  } as unknown as AwsRequest;
  const answer = await lambda.handle(asked).catch((error: unknown) => lambda.error(error, asked));
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

const invoke = (name: string, body?: string, headers?: Record<string, string>) =>
  request('POST', `/2015-03-31/functions/${name}/invocations`, body, headers);

describe('Invoke', () => {
  test.each([
    ['echo', '{"a":1}', { a: 1 }],
    ['arn:aws:lambda:us-east-1:000000000000:function:echo', '[1]', [1]],
    ['000000000000:function:echo', '"x"', 'x'],
    ['echo', '', {}],
    ['nothing', '{}', null],
  ])('%s with %s', async (name, payload, result) => {
    const { status, body, headers } = await invoke(encodeURIComponent(name), payload);
    expect([status, body, headers.get('x-amz-executed-version')]).toEqual([200, result, '$LATEST']);
  });

  test('tells an error of the function in the answer', async () => {
    const { status, body, headers } = await invoke('fail', '{}');
    expect([status, headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled']);
    expect(body).toMatchObject({ errorMessage: 'too far', errorType: 'RangeError', trace: expect.any(Array) });
  });

  test('of type DryRun runs nothing', async () => {
    expect((await invoke('fail', '{}', { 'x-amz-invocation-type': 'DryRun' })).status).toBe(204);
  });

  test.each<[string, Parameters<typeof invoke>, number, string]>([
    ['an unknown function', ['gone'], 404, 'ResourceNotFoundException'],
    ['a name every object has', ['toString'], 404, 'ResourceNotFoundException'],
    ['a payload that is no JSON', ['echo', '{'], 400, 'InvalidRequestContentException'],
    ['the type Event', ['echo', '{}', { 'x-amz-invocation-type': 'Event' }], 501, 'NotImplemented'],
  ])('refuses %s', async (_, call, status, code) => {
    const answer = await invoke(...call);
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([status, code]);
    expect(answer.body).toMatchObject({ Type: status < 500 ? 'User' : 'Service', Message: expect.any(String) });
  });
});

test('functions are listed', async () => {
  const { body } = await request('GET', '/2015-03-31/functions/');
  const { Functions } = body as { Functions: object[] };
  expect(Functions).toHaveLength(4);
  expect(Functions[0]).toEqual({
    FunctionName: 'echo',
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
  });
});

test('what a function does to its event stays with it', async () => {
  await lambda.invoke('mutate', kept);
  expect(kept).toEqual({ list: [1] });
});

test('anything else is not carried', async () => {
  expect((await request('DELETE', '/2015-03-31/functions/echo')).status).toBe(501);
});
