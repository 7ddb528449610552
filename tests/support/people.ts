/** People and jobs for tests: someone signed up, a job submitted as a browser would, a job with a finished result. */
import { createHash } from 'node:crypto';
import { uploadBytes } from '../../aws/objects.ts';
import type { AskedOptions, OutputForm } from '../../jobs/annotation-options.ts';
import type { Gas } from '../../jobs/gas.ts';
import type { Job, User } from '../../jobs/job.ts';
import { attemptPrefix, inputKey, resultNames } from '../../jobs/keys.ts';
import { newLease } from '../../jobs/lease.ts';
import { transactAndTell } from '../../jobs/outbox.ts';
import { getJob, move, moveWrite } from '../../jobs/records.ts';
import { prepareUpload, submitJob } from '../../jobs/submit.ts';
import { signUp, subscribe } from '../../jobs/users.ts';

let count = 0;

export async function someone(gas: Gas, tier: User['tier'] = 'free'): Promise<User> {
  const user = await signUp(gas, {
    name: 'Rosalind Franklin',
    email: `rosalind.${Date.now()}.${count++}@example.org`,
    password: 'photograph 51',
  });
  return tier === 'premium' ? subscribe(gas, user) : user;
}

/** Posts a file to S3 by the form the site hands out, as a browser does. Answers S3's reply. */
export async function postFile(
  form: { url: string; fields: Record<string, string> },
  fileName: string,
  content: Uint8Array | string,
): Promise<Response> {
  const data = new FormData();
  for (const [name, value] of Object.entries(form.fields)) data.append(name, value);
  data.append('file', new File([content as BlobPart], fileName));
  return fetch(form.url, { method: 'POST', body: data, redirect: 'manual' });
}

/** Uploads and submits a file; answers the job. */
export async function submitFile(
  gas: Gas,
  user: User,
  fileName: string,
  content: Uint8Array | string,
  options: AskedOptions = {},
): Promise<Job> {
  const upload = await prepareUpload(gas, user);
  const reply = await postFile(upload, fileName, content);
  if (!reply.ok) throw new Error(`S3 answered ${reply.status}: ${await reply.text()}`);
  return submitJob(gas, user, { key: inputKey(user.user_id, upload.jobId, fileName), options });
}

/** A job whose annotation is over, its result being `bytes` of a form; made by the same moves as the annotator's. */
export async function finishedJob(gas: Gas, user: User, bytes: Uint8Array, form: OutputForm = 'csq'): Promise<Job> {
  const { job_id } = await submitFile(gas, user, 'made.vcf', '##fileformat=VCFv4.2\n', { form });
  const lease = newLease(gas);
  await move(gas, job_id, 'claim', { set: { ...lease, attempt: 1 } });
  const bucket = gas.config.topology.buckets.results.name;
  const key = attemptPrefix(user.user_id, job_id, 1) + resultNames('made.vcf', form).result;
  await uploadBytes(gas.aws, { bucket, key }, bytes, 'application/gzip');
  const write = moveWrite(gas, job_id, 'complete', {
    set: {
      s3_results_bucket: bucket,
      s3_key_result_file: key,
      result_bytes: bytes.length,
      result_sha256: createHash('sha256').update(bytes).digest('hex'),
      complete_time: new Date(gas.now()).toISOString(),
    },
    remove: ['lease_owner', 'lease_until', 'progress'],
    expect: { lease_owner: lease.lease_owner },
  });
  await transactAndTell(gas, [write], [{ kind: 'job result', job_id }]);
  return (await getJob(gas, job_id)) as Job;
}
