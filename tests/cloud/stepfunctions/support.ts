/** What the tests of state machines share. */
import { SFN, type DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import type { TestCloud } from '../../support/cloud.ts';

export const roleArn = 'arn:aws:iam::000000000000:role/states';

/** States by name, the first being where to start. */
export type States = Record<string, object>;

/** A definition of these states. */
export function machine(States: States, more: object = {}): string {
  return JSON.stringify({ StartAt: Object.keys(States)[0], States, ...more });
}

/** How an execution ended, its output parsed. */
export interface Ended {
  status: string | undefined;
  output?: unknown;
  error?: string | undefined;
  cause?: string | undefined;
}

/** Machines and executions in a few words. */
export class Machines {
  readonly sfn: SFN;
  #made = 0;

  constructor(cloud: TestCloud) {
    this.sfn = new SFN(cloud.client);
  }

  async create(definition: string, name = `machine${++this.#made}`): Promise<string> {
    const { stateMachineArn = '' } = await this.sfn.createStateMachine({ name, definition, roleArn });
    return stateMachineArn;
  }

  async start(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
    const asked = { stateMachineArn, input: JSON.stringify(input), ...(name !== undefined && { name }) };
    return (await this.sfn.startExecution(asked)).executionArn ?? '';
  }

  /** Creates a machine of these states, runs it once, and says how that ended. */
  async run(states: States, input: unknown = {}, more: object = {}): Promise<Ended> {
    return this.ended(await this.start(await this.create(machine(states, more)), input));
  }

  describe(executionArn: string): Promise<DescribeExecutionOutput> {
    return this.sfn.describeExecution({ executionArn });
  }

  /** Waits, in real time, for an execution to end. */
  async ended(executionArn: string): Promise<Ended> {
    for (let i = 0; i < 1000; i++) {
      const { status, output, error, cause } = await this.describe(executionArn);
      if (status !== 'RUNNING') {
        if (status === 'SUCCEEDED') return { status, output: JSON.parse(output ?? 'null') };
        return { status, error, cause };
      }
      await Bun.sleep(3);
    }
    throw new Error(`${executionArn} did not end.`);
  }

  /** Waits, in real time, until the history has `count` events of a type. */
  async reached(executionArn: string, type: string, count = 1): Promise<void> {
    for (let i = 0; i < 1000; i++) {
      const types = await this.history(executionArn);
      if (types.filter((each) => each === type).length >= count) return;
      await Bun.sleep(3);
    }
    throw new Error(`${executionArn} did not reach ${type}.`);
  }

  /** The types of an execution's events, in order. */
  async history(executionArn: string): Promise<string[]> {
    const { events = [] } = await this.sfn.getExecutionHistory({ executionArn });
    return events.map((event) => String(event.type));
  }
}
