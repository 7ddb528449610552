/** Step Functions: start waiting until a result's time is up. Starting twice by the same name is starting once. */
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { awsErrorName, type Aws } from './clients.ts';

/** `name` decides identity: 1–80 characters of letters, digits, `-` and `_`. */
export async function startCountdown(aws: Aws, machineArn: string, name: string, input: unknown): Promise<void> {
  try {
    await aws.sfn.send(new StartExecutionCommand({ stateMachineArn: machineArn, name, input: JSON.stringify(input) }));
  } catch (error) {
    if (awsErrorName(error) !== 'ExecutionAlreadyExists') throw error;
  }
}
