/**
 * The operator's command: looks at jobs and at messages that could not be handled, and sends them back or ends them.
 * Speaks with the same configuration as the programs, but with the operator's own credentials.
 */
import { version } from '../package.json';
import { dropDeadLetter, failDeadJob, listDeadLetters, redrive, type DeadLetter } from '../jobs/dead-letters.ts';
import { readConfig } from '../jobs/config.ts';
import { UserError } from '../jobs/errors.ts';
import { createGas, type Gas } from '../jobs/gas.ts';
import { createLog } from '../jobs/log.ts';
import { sayBytes } from '../jobs/plan.ts';
import { getJob } from '../jobs/records.ts';
import { listInstalled } from '../jobs/installed.ts';
import { answerVersion, exitWith } from './program.ts';

const USAGE = `Usage: gas-operate COMMAND

  dead-letters list                   every message that could not be handled
  dead-letters redrive QUEUE          send them back to be tried again
  dead-letters fail JOB_ID            end a job as FAILED, and remove its messages
  dead-letters drop QUEUE MESSAGE_ID  remove one message for good
  jobs show JOB_ID                    everything the table says of a job, as JSON
  sources list                        references, known variants, tracks and genes that annotators have

Reads the same environment as the programs (AWS_ENDPOINT_URL or GAS_ACCOUNT_ID, AWS_REGION, GAS_PREFIX) and uses the
AWS credentials it finds. Ends with 0 when it is done, 1 when it could not be done, 2 when it was called wrongly.
`;

type Command = (gas: Gas, ...words: string[]) => Promise<string>;

const commands: Record<string, { words: number; run: Command }> = {
  'dead-letters list': { words: 0, run: list },
  'dead-letters redrive': { words: 1, run: sendBack },
  'dead-letters fail': { words: 1, run: fail },
  'dead-letters drop': { words: 2, run: drop },
  'jobs show': { words: 1, run: show },
  'sources list': { words: 0, run: listSources },
};

async function list(gas: Gas): Promise<string> {
  const queues = await listDeadLetters(gas);
  return queues
    .map(({ queue, count, letters }) => [sayCount(queue, count), ...letters.map(line(gas))].join('\n'))
    .join('\n');
}

function sayCount(queue: string, count: number): string {
  return `${queue}: ${count === 0 ? 'nothing' : count === 1 ? '1 message' : `${count} messages`}`;
}

const line =
  (gas: Gas) =>
  ({ message_id, kind, job_id, user_id, sent_time, receive_count, body }: DeadLetter): string => {
    const about = job_id ? `job ${job_id}` : user_id ? `user ${user_id}` : `no message of ours: ${body.slice(0, 60)}`;
    const hours = ((gas.now() - Date.parse(sent_time)) / 3_600_000).toFixed(1);
    const what = kind ? `${kind}, ` : '';
    return `  ${message_id}  ${what}${about}, sent ${sent_time} (${hours} h ago), handed out ${receive_count} times`;
  };

async function sendBack(gas: Gas, name: string): Promise<string> {
  const { queue, moved, finished } = await redrive(gas, name);
  const so = moved === 1 ? '1 message has' : `${moved} messages have`;
  return `${so} been sent back from ${queue}${finished ? '' : ' so far; SQS goes on with the others'}.`;
}

async function fail(gas: Gas, jobId: string): Promise<string> {
  const { job, removed } = await failDeadJob(gas, jobId);
  const letters = removed === 1 ? '1 dead letter was' : `${removed} dead letters were`;
  return `Job ${job.job_id} is FAILED (${job.error?.code ?? 'no code'}); ${letters} removed.`;
}

async function drop(gas: Gas, name: string, messageId: string): Promise<string> {
  await dropDeadLetter(gas, name, messageId);
  return `Message ${messageId} is removed.`;
}

async function show(gas: Gas, jobId: string): Promise<string> {
  const job = await getJob(gas, jobId);
  if (!job) throw new UserError('NOT_FOUND', `There is no job ${jobId}.`);
  return JSON.stringify(job, null, 2);
}

async function listSources(gas: Gas): Promise<string> {
  const { references, sources, tracks, genes, problems } = await listInstalled(gas);
  const parts: [title: string, lines: (string | undefined)[][]][] = [
    [
      'references',
      references.map(({ name, assembly, facts }) => [
        name,
        assembly,
        facts && `${sayMany(facts.transcripts, 'transcript')}, ${sayBytes(facts.bytes)}, made ${facts.made}`,
      ]),
    ],
    [
      'known variants',
      sources.map(({ name, version, assembly, variants, bytes, made, reference }) => [
        name,
        assembly,
        version,
        `${sayMany(variants, 'variant')}, ${sayBytes(bytes)}${made ? `, made ${made}` : ''}`,
        reference && `with ${reference}`,
      ]),
    ],
    [
      'tracks',
      tracks.map(({ name, version, assembly, file, regions, bytes }) => [
        name,
        assembly,
        version,
        `${sayMany(regions, 'region')}, ${sayBytes(bytes)}`,
        file,
      ]),
    ],
    [
      'tables of genes',
      genes.map(({ name, version, file, genes: count, bytes }) => [
        name,
        version,
        `${sayMany(count, 'gene')}, ${sayBytes(bytes)}`,
        file,
      ]),
    ],
    ...(problems.length > 0 ? [['not used', problems.map((problem) => [problem])] as [string, string[][]]] : []),
  ];
  return parts
    .map(([title, lines]) => [title, ...(lines.length === 0 ? ['  none'] : lines.map(indented))].join('\n'))
    .join('\n');
}

function indented(words: (string | undefined)[]): string {
  return `  ${words.filter(Boolean).join('  ')}`;
}

function sayMany(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

if (import.meta.main) {
  answerVersion('gas-operate');
  const [noun = '', verb = '', ...words] = process.argv.slice(2);
  const command = commands[`${noun} ${verb}`];
  if (!command || command.words !== words.length) {
    const isHelp = noun === '' || noun === '--help' || noun === 'help';
    process[isHelp ? 'stdout' : 'stderr'].write(USAGE);
    process.exit(isHelp ? 0 : 2);
  }
  try {
    const log = createLog('operate', Date.now, (text) => process.stderr.write(`${text}\n`));
    const gas = createGas(readConfig(process.env, version), log);
    process.stdout.write(`${await command.run(gas, ...words)}\n`);
    process.exit(0);
  } catch (error) {
    exitWith(error, (cause) => process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`));
  }
}
