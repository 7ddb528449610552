/** The WebAssembly in the tree is what its source compiles to: `npm run wasm` after a change of an `assembly` folder. */
import { expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dir, '../..');

test.each(['kernel/kernel', 'bgzf/deflate'])('%s.wasm is compiled from the committed source', async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  try {
    const out = join(folder, 'compiled.wasm');
    const config = join(root, 'anntools', name, '../asconfig.json');
    const compiler = Bun.spawn(['asc', '--config', config, '--target', 'release', '--outFile', out], {
      cwd: root,
      env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const said = await new Response(compiler.stderr).text();
    expect(`${await compiler.exited} ${said}`).toBe('0 ');
    const committed = readFileSync(join(root, 'anntools', `${name}.wasm`));
    expect(Bun.hash(committed)).toBe(Bun.hash(readFileSync(out)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
