/** docs/operations.md tells every variable that the programs and the deployment read, and no other. */
import { expect, test } from 'bun:test';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dir, '../..');
const manual = readFileSync(join(root, 'docs/operations.md'), 'utf8');

function variablesRead(): Set<string> {
  const files = ['jobs/config.ts', 'deploy/stage.ts', ...readdirSync(join(root, 'bin')).map((name) => `bin/${name}`)];
  const found = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:env\['|(?:env|process\.env), ')((?:GAS|AWS|OTEL)_[A-Z_]+)'/g)) {
      if (!text.includes(`range(env, '${name}'`)) found.add(name);
      else for (const end of ['MIN', 'MAX']) found.add(`${name}_${end}`);
    }
  }
  return found;
}

test('every variable has its row in a table', () => {
  const rows = manual.split('\n').filter((line) => line.startsWith('|'));
  const told = new Set(
    rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`((?:GAS|AWS|OTEL)_[A-Z_]+)`/g)].map((match) => match[1] ?? ''),
    ),
  );
  expect([...told].sort()).toEqual([...variablesRead()].sort());
});

test('every link inside the manual leads somewhere', () => {
  const headings = new Set(
    [...manual.matchAll(/^#+ (.*)$/gm)].map((match) => (match[1] ?? '').toLowerCase().replaceAll(' ', '-')),
  );
  for (const [, target = ''] of manual.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(target);
});
