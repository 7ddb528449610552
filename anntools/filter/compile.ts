/**
 * An expression as a function of a record's rows. Answers are true, false or unknown (a value is missing): unknown
 * stays unknown under `not`, so that neither an expression nor its contrary keeps what cannot be told.
 */
import type { VcfHeader } from '../vcf/header.ts';
import type { VcfRecord } from '../vcf/record.ts';
import { type ValueTest, comparison, isContrary, membership } from './compare.ts';
import { type Expression, type Quantifier, parseExpression } from './parse.ts';
import { Fields, type Source } from './fields.ts';
import { Rows } from './rows.ts';

const TRUE = 1;
const FALSE = 0;
const UNKNOWN = -1;

/** A test of the row at hand. */
type Test = (rows: Rows) => number;

/** Whether a record is to be kept. */
export type RecordTest = (record: VcfRecord) => boolean;

/** @throws InputError BAD_OPTION that points at the character that is wrong. */
export function compileExpression(expression: string, header: VcfHeader): RecordTest {
  const fields = new Fields(header, expression);
  const test = new Compiler(expression, fields).compile(parseExpression(expression));
  const rows = new Rows(fields);
  return (record) => {
    rows.open(record);
    for (rows.row = 0; rows.row < rows.count; rows.row++) if (test(rows) === TRUE) return true;
    return false;
  };
}

class Compiler {
  constructor(
    private readonly expression: string,
    private readonly fields: Fields,
  ) {}

  compile(node: Expression): Test {
    switch (node.kind) {
      case 'and':
        return all(node.parts.map((part) => this.compile(part)));
      case 'or':
        return any(node.parts.map((part) => this.compile(part)));
      case 'not': {
        const part = this.compile(node.part);
        return (rows) => contrary(part(rows));
      }
      case 'rows':
        return this.quantified(node.quantifier, this.compile(node.part), node.start);
      case 'compare': {
        const source = this.fields.resolve(node.field);
        const test = someValue(source, comparison(this.expression, source, node));
        return isContrary(node.operator) ? (rows) => contrary(test(rows)) : test;
      }
      case 'in': {
        const source = this.fields.resolve(node.field);
        return someValue(source, membership(this.expression, source, node.values));
      }
      case 'missing': {
        const there = isThere(this.fields.resolve(node.field));
        return (rows) => contrary(there(rows));
      }
      case 'there':
        return isThere(this.fields.resolve(node.field));
    }
  }

  private quantified(quantifier: Quantifier, part: Test, start: number): Test {
    const picked = quantifier === 'pick' ? this.fields.pickColumn(start) : undefined;
    return (rows) => {
      const { row } = rows;
      const seen = { [TRUE]: false, [FALSE]: false };
      for (rows.row = 0; rows.row < rows.count; rows.row++) {
        if (picked && !/^(1|YES)$/.test(rows.values(picked)[0] ?? '')) continue;
        const answer = part(rows);
        if (answer !== UNKNOWN) seen[answer as 0 | 1] = true;
      }
      rows.row = row;
      const [first, second] = quantifier === 'all' ? ([FALSE, TRUE] as const) : ([TRUE, FALSE] as const);
      return seen[first] ? first : seen[second] ? second : UNKNOWN;
    };
  }
}

/** Kleene's and. */
function all(tests: readonly Test[]): Test {
  return (rows) => {
    let answer = TRUE;
    for (const test of tests) {
      const one = test(rows);
      if (one === FALSE) return FALSE;
      if (one === UNKNOWN) answer = UNKNOWN;
    }
    return answer;
  };
}

/** Kleene's or. */
function any(tests: readonly Test[]): Test {
  return (rows) => {
    let answer = FALSE;
    for (const test of tests) {
      const one = test(rows);
      if (one === TRUE) return TRUE;
      if (one === UNKNOWN) answer = UNKNOWN;
    }
    return answer;
  };
}

function contrary(answer: number): number {
  return answer === UNKNOWN ? UNKNOWN : 1 - answer;
}

/** Whether one of the values is what is asked; unknown when none of them can be told. */
function someValue(source: Source, test: ValueTest): Test {
  return (rows) => {
    let answer = UNKNOWN;
    for (const value of rows.values(source)) {
      const one = test(value);
      if (one === true) return TRUE;
      if (one === false) answer = FALSE;
    }
    return answer;
  };
}

function isThere(source: Source): Test {
  if (source.flag) return (rows) => (rows.hasFlag(source) ? TRUE : FALSE);
  return (rows) => (rows.values(source).length > 0 ? TRUE : FALSE);
}
