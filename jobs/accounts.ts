/**
 * Users in DynamoDB as every program reads them, the two moves of a tier, and what is remembered of them. No passwords
 * here: see `users.ts`.
 */
import { isDeepStrictEqual } from 'node:util';
import { getItem, NotAsExpected, updateItem } from '../aws/table.ts';
import { areUsual, type RememberedOptions } from './annotation-options.ts';
import { UserError } from './errors.ts';
import { timestamp, type Gas } from './gas.ts';
import type { User } from './job.ts';
import { transactAndTell } from './outbox.ts';

/** The user by id, or null. Consistent. */
export async function findUser(gas: Gas, userId: string): Promise<User | null> {
  return getItem<User>(gas.aws, gas.config.topology.tables.users.name, { user_id: userId });
}

/**
 * Makes a user premium and, in the same transaction, asks for every archived result back. From here on no result of
 * theirs can be archived: the archiver's commit checks the tier. Subscribing twice is subscribing once.
 */
export async function subscribe(gas: Gas, user: User): Promise<User> {
  return changeTier(gas, user, 'premium');
}

/** Makes a user free; the grace of their results begins, longer than that of a new result. */
export async function unsubscribe(gas: Gas, user: User): Promise<User> {
  return changeTier(gas, user, 'free');
}

/** Keeps the options of a submission for the next one; of whoever is being erased nothing is kept. */
export async function rememberOptions(gas: Gas, user: User, options: RememberedOptions): Promise<void> {
  const known = user.last_options;
  if (known ? isDeepStrictEqual(known, options) : areUsual(options)) return;
  const key = { user_id: user.user_id };
  try {
    const set = { last_options: options };
    await updateItem(gas.aws, gas.config.topology.tables.users.name, key, { set }, { user_id: user.user_id });
  } catch (error) {
    if (!(error instanceof NotAsExpected)) throw error;
  }
}

async function changeTier(gas: Gas, user: User, tier: User['tier']): Promise<User> {
  const table = gas.config.topology.tables.users.name;
  const key = { user_id: user.user_id };
  const write =
    tier === 'premium'
      ? ({ do: 'update', table, key, set: { tier }, remove: ['downgraded_time'], expect: { tier: 'free' } } as const)
      : ({
          do: 'update',
          table,
          key,
          set: { tier, downgraded_time: timestamp(gas) },
          expect: { tier: 'premium' },
        } as const);
  const message =
    tier === 'premium'
      ? ({ kind: 'thaw user', user_id: user.user_id } as const)
      : ({ kind: 'user downgraded', user_id: user.user_id } as const);
  try {
    await transactAndTell(gas, [write], [message]);
    gas.log.info('tier changed', { user_id: user.user_id, tier });
  } catch (error) {
    if (!(error instanceof NotAsExpected)) throw error;
  }
  const now = await findUser(gas, user.user_id);
  if (!now) throw new UserError('NOT_FOUND', 'This account no longer exists.');
  return now;
}
