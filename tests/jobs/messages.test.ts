import { expect, test } from 'bun:test';
import { BadMessage, parseMessage } from '../../jobs/messages.ts';
import { parseRetrievals } from '../../jobs/retrievals.ts';

test('a message of the expected kind is read', () => {
  const body = JSON.stringify({ kind: 'thaw job', job_id: 'j1' });
  expect(parseMessage(body, 'thaw user', 'thaw job')).toEqual({ kind: 'thaw job', job_id: 'j1' });
});

test.each([
  ['', 'no JSON'],
  ['null', 'expected job request'],
  ['{"kind":"job result","job_id":"x"}', 'expected job request'],
  ['{"kind":"job request"}', 'no job_id'],
  ['{"kind":"job request","job_id":""}', 'no job_id'],
  ['{"kind":"job request","job_id":7}', 'no job_id'],
])('%p is refused: %s', (body, why) => {
  expect(() => parseMessage(body, 'job request')).toThrow(BadMessage);
  expect(() => parseMessage(body, 'job request')).toThrow(why);
});

const glacier = (fields: Record<string, unknown>) => ({
  Records: [{ Sns: { Message: JSON.stringify({ Action: 'ArchiveRetrieval', StatusCode: 'Succeeded', ...fields }) } }],
});

test("Glacier's notification names the job and the retrieval", () => {
  const event = glacier({ JobId: 'r1', JobDescription: '{"job_id":"j1"}' });
  expect(parseRetrievals(event)).toEqual([{ jobId: 'j1', retrievalId: 'r1' }]);
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const traced = glacier({ JobId: 'r1', JobDescription: JSON.stringify({ job_id: 'j1', traceparent }) });
  expect(parseRetrievals(traced)).toEqual([{ jobId: 'j1', retrievalId: 'r1', traceparent }]);
});

test.each([
  [glacier({ Action: 'InventoryRetrieval', JobId: 'r1', JobDescription: '{"job_id":"j1"}' })],
  [glacier({ StatusCode: 'Failed', JobId: 'r1', JobDescription: '{"job_id":"j1"}' })],
  [glacier({ JobId: 'r1', JobDescription: 'by hand' })],
  [{ Records: [{ Sns: { Message: 'hello' } }] }],
  [{}],
  [null],
])('a notification that is none of ours is passed over', (event) => {
  expect(parseRetrievals(event)).toEqual([]);
});
