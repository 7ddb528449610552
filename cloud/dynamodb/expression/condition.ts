/**
 * The grammar of ConditionExpression, FilterExpression and KeyConditionExpression (Developer Guide, "Condition and
 * filter expressions, operators, and functions"): OR binds least, then AND, then NOT. What is hard: after an opening
 * parenthesis either a condition or an operand may follow, so both are read as one kind of node and told apart by
 * what comes next.
 */
import type { AttributeType } from '../attribute-value.ts';
import { compareValues, typeOf } from '../attribute-value.ts';
import { ExpressionParser } from './parser.ts';
import type { Substitutions } from './substitutions.ts';
import type { Call, Comparator, Condition, Operand } from './syntax.ts';

const attributeTypes = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'] as const;
const orderedTypes = ['S', 'N', 'B'] as const;
const conditionFunctions = ['attribute_exists', 'attribute_not_exists', 'attribute_type', 'begins_with', 'contains'];

type Node = Condition | Operand;

/** Reads a condition. `parameter` is the request's member it came in. Throws ValidationException. */
export function parseCondition(text: string, parameter: string, substitutions: Substitutions): Condition {
  return new ConditionParser(text, parameter, substitutions, ['AND', 'OR', 'NOT', 'BETWEEN', 'IN']).parse();
}

class ConditionParser extends ExpressionParser {
  readonly #parenthesized = new WeakSet<Node>();

  parse(): Condition {
    const condition = this.#asCondition(this.#or());
    this.finish();
    return condition;
  }

  #or(): Node {
    let left = this.#and();
    while (this.tokens.atKeyword('OR')) {
      const condition = this.#asCondition(left);
      this.tokens.takeKeyword('OR');
      left = { kind: 'or', left: condition, right: this.#asCondition(this.#and()) };
    }
    return left;
  }

  #and(): Node {
    let left = this.#not();
    while (this.tokens.atKeyword('AND')) {
      const condition = this.#asCondition(left);
      this.tokens.takeKeyword('AND');
      left = { kind: 'and', left: condition, right: this.#asCondition(this.#not()) };
    }
    return left;
  }

  #not(): Node {
    if (!this.tokens.takeKeyword('NOT')) return this.#comparison();
    return { kind: 'not', condition: this.#asCondition(this.#not()) };
  }

  #comparison(): Node {
    const node = this.#term();
    const { kind, text } = this.tokens.current;
    if (kind === 'symbol' && isComparator(text)) {
      const left = this.#asOperand(node);
      this.tokens.take('symbol');
      return this.#compare(left, text, this.#asOperand(this.#term()));
    }
    if (this.tokens.atKeyword('BETWEEN')) {
      const operand = this.#asOperand(node);
      this.tokens.takeKeyword('BETWEEN');
      return this.#between(operand);
    }
    if (this.tokens.atKeyword('IN')) {
      const operand = this.#asOperand(node);
      this.tokens.takeKeyword('IN');
      this.tokens.expectSymbol('(');
      const candidates = this.operandsToParenthesis();
      for (const each of [operand, ...candidates]) this.#checkOperand(each);
      return { kind: 'in', operand, candidates };
    }
    return node;
  }

  /** An operand, or anything in parentheses. */
  #term(): Node {
    if (!this.tokens.takeSymbol('(')) return this.operand();
    const node = this.#or();
    this.tokens.expectSymbol(')');
    if (this.#parenthesized.has(node)) this.note('parentheses', 'The expression has redundant parentheses;');
    this.#parenthesized.add(node);
    return node;
  }

  #compare(left: Operand, operator: Comparator, right: Operand): Condition {
    for (const operand of [left, right]) {
      this.#checkOperand(operand);
      if (operator !== '=' && operator !== '<>') this.checkType(operator, operand, orderedTypes);
    }
    this.checkDistinct(operator, left, right);
    return { kind: 'compare', operator, left, right };
  }

  #between(operand: Operand): Condition {
    const low = this.#asOperand(this.#term());
    if (!this.tokens.takeKeyword('AND')) throw this.tokens.syntaxError();
    const high = this.#asOperand(this.#term());
    for (const each of [operand, low, high]) {
      this.#checkOperand(each);
      this.checkType('BETWEEN', each, orderedTypes);
    }
    if (low.kind === 'value' && high.kind === 'value') {
      const order = compareValues(low.value, high.value);
      if (order === undefined || order > 0) {
        const rule =
          order === undefined
            ? 'same data type for lower and upper bounds'
            : 'upper bound to be greater than or equal to lower bound';
        this.note(
          'operandType',
          `The BETWEEN operator requires ${rule}; lower bound operand: AttributeValue: ${valueText(low)}, ` +
            `upper bound operand: AttributeValue: ${valueText(high)}`,
        );
      }
    }
    return { kind: 'between', operand, low, high };
  }

  #asCondition(node: Node): Condition {
    if (node.kind === 'path' || node.kind === 'value') throw this.tokens.syntaxError();
    if (node.kind === 'call') this.#checkCall(node);
    return node;
  }

  #asOperand(node: Node): Operand {
    if (node.kind === 'path' || node.kind === 'value' || node.kind === 'call') return node;
    throw this.tokens.syntaxError();
  }

  /** Of the functions only size has a value; the others are conditions. */
  #checkOperand(operand: Operand): void {
    if (operand.kind !== 'call') return;
    if (operand.name !== 'size') this.noteMisuse(operand.name);
    const [measured] = operand.operands;
    if (measured?.kind === 'call') this.noteMisuse(measured.name);
    this.checkType('size', measured, ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M']);
  }

  #checkCall({ name, operands }: Call): void {
    if (!conditionFunctions.includes(name)) this.noteMisuse(name);
    const [first, second] = operands;
    for (const operand of operands) this.#checkOperand(operand);
    if (first && second) this.checkDistinct(name, first, second);
    if (name === 'attribute_exists' || name === 'attribute_not_exists') this.checkIsPath(name, first);
    if (name === 'begins_with') for (const operand of operands) this.checkType(name, operand, ['S', 'B']);
    if (name === 'attribute_type') this.#checkAttributeType(second);
  }

  #checkAttributeType(wanted: Operand | undefined): void {
    this.checkType('attribute_type', wanted, ['S']);
    if (wanted?.kind !== 'value' || !('S' in wanted.value)) return;
    if (!attributeTypes.includes(wanted.value.S as AttributeType)) {
      this.note(
        'operandType',
        `Invalid attribute type name found; type: ${wanted.value.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
      );
    }
  }
}

function isComparator(text: string): text is Comparator {
  return ['=', '<>', '<', '<=', '>', '>='].includes(text);
}

function valueText({ value }: Extract<Operand, { kind: 'value' }>): string {
  return `{${typeOf(value)}:${Object.values(value).join()}}`;
}
