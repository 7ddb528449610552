/** Signing up and in: users with a password, kept as an argon2id hash under the lower case of their address. */
import { deletePrefix } from '../aws/objects.ts';
import { deleteItem, getItem, NotAsExpected, transact, updateItem } from '../aws/table.ts';
import { findUser, subscribe, unsubscribe } from './accounts.ts';
import { eraseJob } from './erase.ts';
import { UserError } from './errors.ts';
import { newId, timestamp, type Gas } from './gas.ts';
import type { User } from './job.ts';
import { jobsOfUser } from './records.ts';
import { closeSessionsOf } from './sessions.ts';

export { subscribe, unsubscribe };

interface EmailItem {
  email: string;
  user_id: string;
  password_hash: string;
}

const PASSWORD_LENGTH_MIN = 10;
const PASSWORD_LENGTH_MAX = 200;

/** @throws UserError BAD_FORM with the field, EMAIL_TAKEN */
export async function signUp(gas: Gas, form: { name: string; email: string; password: string }): Promise<User> {
  const name = goodName(form.name);
  const email = form.email.trim();
  if (email.length > 254 || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw new UserError(
      'BAD_FORM',
      `'${email.slice(0, 80)}' is not an e-mail address. It should look like name@example.org.`,
      'email',
    );
  }
  const password_hash = await hashPassword(form.password, 'password');
  const user: User = { user_id: newId(gas), email, name, tier: 'free', created_time: timestamp(gas) };
  const { users, emails } = gas.config.topology.tables;
  const emailItem: EmailItem = { email: email.toLowerCase(), user_id: user.user_id, password_hash };
  try {
    await transact(gas.aws, [
      { do: 'put', table: emails.name, item: { ...emailItem }, expect: { email: { is: 'absent' } } },
      { do: 'put', table: users.name, item: { ...user } },
    ]);
  } catch (error) {
    if (!(error instanceof NotAsExpected)) throw error;
    throw new UserError(
      'EMAIL_TAKEN',
      'There is an account with this e-mail address already. Sign in instead.',
      'email',
    );
  }
  gas.log.info('user signed up', { user_id: user.user_id });
  return user;
}

/** @throws UserError BAD_CREDENTIALS, the same for an unknown address and a wrong password, after the same work */
export async function signIn(gas: Gas, form: { email: string; password: string }): Promise<User> {
  const account = await findEmail(gas, form.email);
  const right = await Bun.password.verify(
    form.password.slice(0, PASSWORD_LENGTH_MAX),
    account?.password_hash ?? (await nobody()),
  );
  const user = account && right ? await findUser(gas, account.user_id) : null;
  if (!user) throw new UserError('BAD_CREDENTIALS', 'E-mail address or password is wrong.', 'password');
  return user;
}

/** @throws UserError BAD_FORM */
export async function changeName(gas: Gas, user: User, name: string): Promise<User> {
  const set = { name: goodName(name) };
  return updateItem<User>(gas.aws, gas.config.topology.tables.users.name, { user_id: user.user_id }, { set });
}

/** Changes the password and closes every session. @throws UserError BAD_CREDENTIALS, BAD_FORM */
export async function changePassword(
  gas: Gas,
  user: User,
  { current, next }: { current: string; next: string },
): Promise<void> {
  const account = await findEmail(gas, user.email);
  if (!account || !(await Bun.password.verify(current.slice(0, PASSWORD_LENGTH_MAX), account.password_hash))) {
    throw new UserError('BAD_CREDENTIALS', 'The current password is wrong.', 'current');
  }
  const password_hash = await hashPassword(next, 'next');
  await updateItem(
    gas.aws,
    gas.config.topology.tables.emails.name,
    { email: account.email },
    { set: { password_hash } },
  );
  await closeSessionsOf(gas, user);
}

/** Erases a user: every job with its files and archives, what was uploaded for none, the sessions, the account. */
export async function eraseUser(gas: Gas, user: User): Promise<void> {
  for await (const job of jobsOfUser(gas, user.user_id)) await eraseJob(gas, user, job.job_id);
  await closeSessionsOf(gas, user);
  const { users, emails } = gas.config.topology.tables;
  await deletePrefix(gas.aws, gas.config.topology.buckets.inputs.name, `${user.user_id}/`);
  await deleteItem(gas.aws, emails.name, { email: user.email.toLowerCase() });
  await deleteItem(gas.aws, users.name, { user_id: user.user_id });
  gas.log.info('user erased', { user_id: user.user_id });
}

function findEmail(gas: Gas, email: string): Promise<EmailItem | null> {
  const key = email.trim().toLowerCase();
  if (!key) return Promise.resolve(null);
  return getItem<EmailItem>(gas.aws, gas.config.topology.tables.emails.name, { email: key });
}

function goodName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length < 1 || trimmed.length > 100) {
    throw new UserError('BAD_FORM', 'Please give a name of 1 to 100 characters.', 'name');
  }
  return trimmed;
}

async function hashPassword(password: string, field: string): Promise<string> {
  if (password.length < PASSWORD_LENGTH_MIN || password.length > PASSWORD_LENGTH_MAX) {
    throw new UserError(
      'BAD_FORM',
      `Please choose a password of ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters.`,
      field,
    );
  }
  return Bun.password.hash(password, 'argon2id');
}

let nobodyHash: Promise<string> | undefined;
/** The hash an unknown address is compared with, so that it takes as long as a known one. */
function nobody(): Promise<string> {
  nobodyHash ??= Bun.password.hash(crypto.randomUUID(), 'argon2id');
  return nobodyHash;
}
