/** The database of the embedded cloud, from outside: what is there when it is opened. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../cloud/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'gas-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a database whose last owner is still closing it is waited for', async () => {
  openStore(folder).close();
  // What SQLite does as the last connection closes, only longer: everybody else is locked out meanwhile.
  const closing = `
    import { Database } from 'bun:sqlite';
    const db = new Database(process.argv[1]);
    db.run('PRAGMA locking_mode = EXCLUSIVE');
    db.run('BEGIN EXCLUSIVE');
    db.run('CREATE TABLE closing (x)');
    process.stdout.write('locked');
    await Bun.sleep(700);
    db.run('ROLLBACK');
    process.exit(0);`;
  const owner = Bun.spawn([process.execPath, '-e', closing, join(folder, 'cloud.sqlite')], { stdout: 'pipe' });
  const { value } = await owner.stdout.getReader().read();
  expect(Buffer.from(value ?? []).toString()).toBe('locked');
  const store = openStore(folder);
  expect(store.db.query('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  store.close();
  await owner.exited;
});
