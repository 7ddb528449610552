/** What every operation works with. */
import type { Clock } from '../clock.ts';
import type { Items } from './items.ts';
import type { Tables } from './tables.ts';
import type { TransactionTokens } from './transaction-tokens.ts';

/** The parts of one DynamoDB. */
export interface Engine {
  tables: Tables;
  items: Items;
  tokens: TransactionTokens;
  clock: Clock;
}
