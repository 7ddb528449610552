/**
 * What a machine of one's own is watched by: the alerts and the dashboard ask for metrics that there are, every alert has
 * its section in the runbook, and Prometheus itself, where it is installed, reads the files.
 */
import { describe, expect, test } from 'bun:test';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dir, '../..');
const folder = join(root, 'deploy/prometheus');
const text = (name: string) => readFileSync(join(folder, name), 'utf8');
const alerts = text('gas-alerts.yml');
const dashboard = JSON.parse(text('grafana.json')) as { panels: { title: string; targets: { expr: string }[] }[] };
const promtool = Bun.which('promtool');

test('every metric that is asked for is one of ours', () => {
  const families = readFileSync(join(root, 'jobs/metrics.ts'), 'utf8');
  const asked = new Set(
    [alerts, ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))].flatMap((expr) =>
      [...expr.matchAll(/\b(?:gas|process)_[a-z_]+/g)].map(([name]) => name.replace(/_(count|bucket|sum)$/, '')),
    ),
  );
  expect(asked.size).toBeGreaterThan(7);
  for (const name of asked) expect(families).toContain(`\n  ${name}: {`);
});

test('every alert has its section in the runbook', () => {
  const names = [...alerts.matchAll(/alert: (.+)/g)].map((match) => match[1]);
  expect(names.length).toBeGreaterThan(5);
  const runbook = readFileSync(join(root, 'docs/operations.md'), 'utf8');
  for (const name of names) expect(runbook).toContain(`\n### ${name}\n`);
});

describe.skipIf(!promtool)(`promtool${promtool ? '' : ' (skipped: Prometheus is not installed here)'}`, () => {
  test('has nothing to say against rules, scraping and the expressions of the dashboard', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'gas-prometheus-'));
    for (const name of ['gas-alerts.yml', 'scrape.yml']) cpSync(join(folder, name), join(scratch, name));
    const rules = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const groups = rules.map((expr, at) => ({ name: `panel-${at}`, rules: [{ record: `panel_${at}`, expr }] }));
    // YAML reads JSON.
    const panels = join(scratch, 'panels.yml');
    writeFileSync(panels, JSON.stringify({ groups }));
    for (const command of [
      ['check', 'config', join(scratch, 'scrape.yml')],
      ['check', 'rules', panels],
    ]) {
      const { exitCode, stderr } = Bun.spawnSync([promtool ?? '', ...command]);
      expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: '' });
    }
    rmSync(scratch, { recursive: true });
  });
});
