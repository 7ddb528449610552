/** Tables for tests. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type ScalarAttributeType,
} from '@aws-sdk/client-dynamodb';

/** Creates a table; `keys` are `name:type`, hash first. Indexes may name further attributes, defined in `attributes`. */
export async function createTable(
  client: DynamoDBClient,
  name: string,
  keys: readonly string[],
  more: Partial<CreateTableCommandInput> & { attributes?: readonly string[] } = {},
): Promise<void> {
  const { attributes = [], ...input } = more;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys.map((key, i) => ({ AttributeName: key.split(':')[0], KeyType: i === 0 ? 'HASH' : 'RANGE' })),
      AttributeDefinitions: [...keys, ...attributes].map((each) => {
        const [AttributeName, type] = each.split(':');
        return { AttributeName, AttributeType: type as ScalarAttributeType };
      }),
      ...input,
    }),
  );
}
