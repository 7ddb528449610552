/**
 * The restore function: Glacier's notification that a retrieval is ready comes through the topic; the result goes
 * back to S3. On AWS it is a Lambda on Node; the embedded cloud runs the same handler.
 */
import { readConfig } from '../jobs/config.ts';
import { createGas, type Gas } from '../jobs/gas.ts';
import { createLog } from '../jobs/log.ts';
import { restore } from '../jobs/restore.ts';
import { parseRetrievals } from '../jobs/retrievals.ts';
import { asStep } from '../jobs/trace.ts';

/** A handler on a given context. Throws when a restore fails, so that the event is delivered again. */
export function createRestoreHandler(gas: Gas): (event: unknown) => Promise<void> {
  return async (event) => {
    for (const { jobId, retrievalId, traceparent: parent } of parseRetrievals(event)) {
      const step = { name: 'restore', kind: 'consumer', parent, fields: { job_id: jobId } } as const;
      await asStep(gas, step, (here) => restore(here, jobId, retrievalId));
    }
  };
}

let onLambda: ((event: unknown) => Promise<void>) | undefined;

/** Lambda's entry. The context is made from the environment at the first event and kept for the next ones. */
export async function handler(event: unknown): Promise<void> {
  onLambda ??= createRestoreHandler(
    createGas(
      readConfig(process.env, 'function'),
      createLog('restore', Date.now, (line) => console.log(line)),
    ),
  );
  await onLambda(event);
}
