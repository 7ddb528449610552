/** Sign-ins in DynamoDB: an opaque random token in the browser, its SHA-256 here. Vanish by the table's TTL. */
import { createHash } from 'node:crypto';
import { deleteItem, getItem, putItem, queryAll } from '../aws/table.ts';
import { findUser } from './accounts.ts';
import type { Gas } from './gas.ts';
import type { User } from './job.ts';

interface SessionItem {
  token_hash: string;
  user_id: string;
  /** Second (Unix time) it ends. */
  expires: number;
}

const SESSION_SECONDS = 30 * 86_400;

export async function openSession(gas: Gas, user: User): Promise<{ token: string; maxAgeSeconds: number }> {
  const token = Buffer.from(gas.random(32)).toString('base64url');
  const item: SessionItem = {
    token_hash: hashToken(token),
    user_id: user.user_id,
    expires: Math.floor(gas.now() / 1000) + SESSION_SECONDS,
  };
  await putItem(gas.aws, tableName(gas), { ...item });
  return { token, maxAgeSeconds: SESSION_SECONDS };
}

/** The user whose session it is, or null when it ended or never was. */
export async function findSession(gas: Gas, token: string): Promise<User | null> {
  if (!token || token.length > 100) return null;
  const session = await getItem<SessionItem>(gas.aws, tableName(gas), { token_hash: hashToken(token) });
  if (!session || session.expires <= gas.now() / 1000) return null;
  return findUser(gas, session.user_id);
}

export async function closeSession(gas: Gas, token: string): Promise<void> {
  await deleteItem(gas.aws, tableName(gas), { token_hash: hashToken(token) });
}

/** Signs a user out everywhere. */
export async function closeSessionsOf(gas: Gas, user: User): Promise<void> {
  const query = { table: tableName(gas), index: 'user_id_index', hash: ['user_id', user.user_id] as const };
  for await (const { token_hash } of queryAll<SessionItem>(gas.aws, query)) {
    await deleteItem(gas.aws, tableName(gas), { token_hash });
  }
}

function tableName(gas: Gas): string {
  return gas.config.topology.tables.sessions.name;
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
