/**
 * As many cases of `fuzz.ts` as are asked for, for a machine at night:
 *
 *     bun tests/anntools/fuzz-nightly.ts [cases = 1000000] [first = 1001]
 *
 * Says what fails and with which number; `fuzz-nightly.ts 1 NUMBER` runs one again. Ends with 1 when something failed.
 */
import { makeFuzzer } from './fuzz.ts';

const SAY_EVERY = 10_000;

const [cases = 1_000_000, first = 1001] = process.argv.slice(2).map(Number);
const fuzzer = await makeFuzzer();
const started = performance.now();
let failed = 0;
for (let number = first; number < first + cases; number++) {
  const failure = await fuzzer.run(number);
  if (failure !== undefined) {
    failed++;
    process.stdout.write(`case ${number}: ${failure}\n`);
  }
  const done = number - first + 1;
  if (done % SAY_EVERY === 0 || done === cases) {
    const rate = done / ((performance.now() - started) / 1000);
    process.stderr.write(`${done} of ${cases} cases, ${failed} failed, ${rate.toFixed(0)}/s\n`);
  }
}
fuzzer.close();
process.exitCode = failed > 0 ? 1 : 0;
