import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { type Fuzzer, makeFuzzer, PARTS } from './fuzz.ts';

setDefaultTimeout(60_000);

let fuzzer: Fuzzer;
beforeAll(async () => {
  fuzzer = await makeFuzzer();
});
afterAll(() => fuzzer.close());

test('a thousand damaged files, each through one part, crash nothing, hang nothing and lose no line', async () => {
  const failures: string[] = [];
  for (let number = 1; number <= 1000 && failures.length < 3; number++) {
    const failure = await fuzzer.run(number, [PARTS[number % PARTS.length] ?? 'annotate']);
    if (failure !== undefined) failures.push(`case ${number}: ${failure}`);
  }
  expect(failures).toEqual([]);
});
