/** Filter policies as tables: which messages pass which policy, and which policies are none. */
import { describe, expect, test } from 'bun:test';
import { checkFilterPolicy, passesFilter } from '../../../cloud/sns/filter-policy.ts';

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const number = (value: number) => ({ DataType: 'Number', StringValue: String(value) });

const attributes = {
  kind: text('vcf.gz'),
  size: number(100),
  tags: { DataType: 'String.Array', StringValue: '["a", 5, true, null]' },
  bytes: { DataType: 'Binary', BinaryValue: 'AAEC' },
};

describe('by attributes', () => {
  test.each<[policy: object, passes: boolean]>([
    [{}, true],
    [{ kind: ['vcf.gz'] }, true],
    [{ kind: ['vcf'] }, false],
    [{ kind: ['vcf', 'vcf.gz'] }, true],
    [{ kind: ['vcf.gz'], size: [100] }, true],
    [{ kind: ['vcf.gz'], size: [99] }, false],
    [{ missing: ['x'] }, false],
    [{ kind: [{ prefix: 'vcf' }] }, true],
    [{ kind: [{ prefix: 'bcf' }] }, false],
    [{ kind: [{ suffix: '.gz' }] }, true],
    [{ kind: [{ 'equals-ignore-case': 'VCF.GZ' }] }, true],
    [{ kind: [{ 'anything-but': 'bcf' }] }, true],
    [{ kind: [{ 'anything-but': ['bcf', 'vcf.gz'] }] }, false],
    [{ kind: [{ 'anything-but': { prefix: 'vcf' } }] }, false],
    [{ kind: [{ 'anything-but': { suffix: '.bz2' } }] }, true],
    [{ missing: [{ 'anything-but': 'x' }] }, false],
    [{ size: [{ 'anything-but': [99, 100] }] }, false],
    [{ kind: [{ exists: true }] }, true],
    [{ kind: [{ exists: false }] }, false],
    [{ missing: [{ exists: false }] }, true],
    [{ bytes: [{ exists: true }] }, false],
    [{ size: [{ numeric: ['=', 100] }] }, true],
    [{ size: [{ numeric: ['>', 50, '<=', 100] }] }, true],
    [{ size: [{ numeric: ['>', 100] }] }, false],
    [{ size: ['100'] }, false],
    [{ kind: [{ numeric: ['>', 0] }] }, false],
    [{ tags: ['a'] }, true],
    [{ tags: [5] }, true],
    [{ tags: [true, 'z'] }, true],
    [{ tags: [null] }, true],
    [{ tags: ['b'] }, false],
    [{ $or: [{ kind: ['x'] }, { size: [100] }] }, true],
    [{ $or: [{ kind: ['x'] }, { size: [1] }] }, false],
  ])('%j → %p', (policy, passes) => {
    const filter = JSON.stringify(policy);
    checkFilterPolicy(filter, 'MessageAttributes');
    expect(passesFilter(filter, 'MessageAttributes', { body: '', attributes })).toBe(passes);
  });
});

describe('by body', () => {
  const body = JSON.stringify({ job: { state: 'COMPLETED', files: [{ name: 'a.vcf' }, { name: 'b.log' }] }, size: 7 });
  test.each<[policy: object, passes: boolean]>([
    [{ size: [7] }, true],
    [{ job: { state: ['COMPLETED', 'FAILED'] } }, true],
    [{ job: { state: ['FAILED'] } }, false],
    [{ job: { state: ['COMPLETED'], missing: [{ exists: false }] } }, true],
    [{ job: { files: { name: [{ suffix: '.log' }] } } }, true],
    [{ job: { files: { name: [{ suffix: '.bam' }] } } }, false],
    [{ job: ['COMPLETED'] }, false],
  ])('%j → %p', (policy, passes) => {
    const filter = JSON.stringify(policy);
    checkFilterPolicy(filter, 'MessageBody');
    expect(passesFilter(filter, 'MessageBody', { body, attributes })).toBe(passes);
  });

  test('a body that is no JSON object passes no policy', () => {
    expect(passesFilter('{"a":[1]}', 'MessageBody', { body: 'plain text', attributes })).toBe(false);
    expect(passesFilter('{"a":[1]}', 'MessageBody', { body: '[1]', attributes })).toBe(false);
  });
});

test.each<[policy: string, message: string]>([
  ['{', 'failed to parse JSON'],
  ['[]', 'failed to parse JSON'],
  ['{"a":"x"}', '"a" must be an object or an array'],
  ['{"a":[]}', 'Empty arrays are not allowed'],
  ['{"a":[["x"]]}', 'Match value must be'],
  ['{"a":{"b":["x"]}}', 'does not support nested'],
  ['{"a":[{"cidr":"10.0.0.0/8"}]}', 'Unrecognized match type cidr'],
  ['{"a":[{"prefix":5}]}', 'prefix match pattern must be a string'],
  ['{"a":[{"exists":"yes"}]}', 'exists match pattern'],
  ['{"a":[{"numeric":[">"]}]}', 'Value of numeric'],
  ['{"a":[{"anything-but":{"wild":"x"}}]}', 'Unrecognized match type wild'],
  ['{"a":[{"prefix":"x","suffix":"y"}]}', 'Only one key'],
  ['{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}', 'more than 5 keys'],
])('%s is refused: %s', (policy, message) => {
  expect(() => checkFilterPolicy(policy, 'MessageAttributes')).toThrow(message);
});
