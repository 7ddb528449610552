/**
 * Step Functions, standard workflows: AWS JSON 1.0, an operation a function. Executions run beside, from rows, in
 * JSONPath and JSONata; what the interpreter does not do, CreateStateMachine refuses.
 */
import { AwsError } from '../errors.ts';
import type { Parts, Service } from '../service.ts';
import { answerJson, jsonResponse, type JsonOperations } from '../wire/json.ts';
import { Engine } from './engine.ts';
import { describeExecution, listExecutions, startExecution, stopExecution } from './executions.ts';
import { getExecutionHistory } from './history.ts';
import {
  createStateMachine,
  deleteStateMachine,
  describeStateMachine,
  describeStateMachineForExecution,
  listStateMachines,
  listTagsForResource,
  tagResource,
  untagResource,
  updateStateMachine,
} from './machines.ts';
import { createTables, type Sfn } from './state.ts';

/** Step Functions on the embedded cloud. */
export function createStepFunctions(parts: Parts): Service {
  const sfn: Sfn = { parts, db: parts.store.db };
  createTables(sfn.db);
  const engine = new Engine(sfn);

  const operations: JsonOperations = {
    CreateStateMachine: (input) => createStateMachine(sfn, input),
    DeleteStateMachine: (input) => deleteStateMachine(sfn, engine, input),
    DescribeExecution: (input) => describeExecution(sfn, input),
    DescribeStateMachine: (input) => describeStateMachine(sfn, input),
    DescribeStateMachineForExecution: (input) => describeStateMachineForExecution(sfn, input),
    GetExecutionHistory: (input) => getExecutionHistory(sfn, input),
    ListExecutions: (input) => listExecutions(sfn, input),
    ListStateMachines: (input) => listStateMachines(sfn, input),
    ListTagsForResource: (input) => listTagsForResource(sfn, input),
    StartExecution: (input) => startExecution(sfn, engine, input),
    StopExecution: (input) => stopExecution(sfn, engine, input),
    TagResource: (input) => tagResource(sfn, input),
    UntagResource: (input) => untagResource(sfn, input),
    UpdateStateMachine: (input) => updateStateMachine(sfn, input),
  };

  return {
    handle: (request) => answerJson('Step Functions', operations, request),

    error(error, request) {
      const { code, status, message } =
        error instanceof AwsError ? error : new AwsError('InternalFailure', 500, 'The embedded cloud failed.');
      return jsonResponse({ __type: code, message }, request, status);
    },

    start: () => engine.start(),
    stop: () => engine.stop(),
  };
}
