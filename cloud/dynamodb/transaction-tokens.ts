/**
 * Client request tokens: a TransactWriteItems that comes again with its token within ten minutes has no second effect
 * (API reference, "TransactWriteItems"). A token is stored in the transaction it names.
 */
import type { Database, Statement } from 'bun:sqlite';
import { AwsError } from '../errors.ts';

const schema = `
CREATE TABLE IF NOT EXISTS dynamodb_transaction_tokens (
  token TEXT PRIMARY KEY,
  request BLOB NOT NULL, -- SHA-256 of the writes
  used_at INTEGER NOT NULL -- milliseconds since 1970
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS dynamodb_transaction_tokens_age ON dynamodb_transaction_tokens (used_at);
`;

const validMs = 10 * 60 * 1000;

/** The tokens of the last ten minutes. */
export class TransactionTokens {
  readonly #forget: Statement<null, [number]>;
  readonly #find: Statement<{ request: Uint8Array }, [string]>;
  readonly #insert: Statement<null, [string, Uint8Array, number]>;

  constructor(db: Database) {
    db.run(schema);
    this.#forget = db.prepare('DELETE FROM dynamodb_transaction_tokens WHERE used_at <= ?');
    this.#find = db.prepare('SELECT request FROM dynamodb_transaction_tokens WHERE token = ?');
    this.#insert = db.prepare('INSERT INTO dynamodb_transaction_tokens (token, request, used_at) VALUES (?, ?, ?)');
  }

  /**
   * Whether the transaction has been made before; if not, notes that it is being made. For use inside that
   * transaction. Throws IdempotentParameterMismatchException when the token belongs to another request.
   */
  seen(token: string, writes: unknown, nowMs: number): boolean {
    this.#forget.run(nowMs - validMs);
    const request = new Bun.CryptoHasher('sha256').update(JSON.stringify(writes)).digest();
    const known = this.#find.get(token);
    if (!known) {
      this.#insert.run(token, request, nowMs);
      return false;
    }
    if (request.equals(known.request)) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      400,
      'The client request token is already in use for a request with different parameters.',
    );
  }
}
