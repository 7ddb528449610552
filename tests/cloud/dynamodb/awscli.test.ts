import { expect, test } from 'bun:test';
import { aws, hasAwsCli } from '../../support/awscli.ts';
import { startTestCloud } from '../../support/cloud.ts';

test.skipIf(!hasAwsCli)(
  'awscli makes a table, writes, queries, transacts and reads errors (needs /usr/bin/aws)',
  async () => {
    const cloud = await startTestCloud();
    const dynamodb = (line: string, ...last: string[]) => aws(cloud, 'dynamodb', ...line.split(' '), ...last);
    try {
      await dynamodb(
        'create-table --table-name jobs --billing-mode PAY_PER_REQUEST ' +
          '--attribute-definitions AttributeName=id,AttributeType=S AttributeName=at,AttributeType=N ' +
          '--key-schema AttributeName=id,KeyType=HASH AttributeName=at,KeyType=RANGE',
      );
      const puts = ['10', '9', '-1'].map((N) => ({
        PutRequest: { Item: { id: { S: 'a' }, at: { N }, bytes: { B: 'AP8=' } } },
      }));
      await dynamodb('batch-write-item --request-items', JSON.stringify({ jobs: puts }));
      const Update = {
        TableName: 'jobs',
        Key: { id: { S: 'a' }, at: { N: '9' } },
        UpdateExpression: 'SET note = :n',
        ExpressionAttributeValues: { ':n': { S: 'grüße' } },
      };
      await dynamodb('transact-write-items --transact-items', JSON.stringify([{ Update }]));
      const found = await dynamodb(
        'query --table-name jobs --no-scan-index-forward --page-size 2 ' +
          '--expression-attribute-values {":id":{"S":"a"}} --key-condition-expression',
        'id = :id',
      );
      expect(found).toMatchObject({
        Count: 3,
        Items: [
          { at: { N: '10' } },
          { at: { N: '9' }, note: { S: 'grüße' }, bytes: { B: 'AP8=' } },
          { at: { N: '-1' } },
        ],
      });
      const wrong = dynamodb('get-item --table-name jobs --key {"id":{"S":"a"}}');
      await expect(wrong).rejects.toThrow(
        '(ValidationException) when calling the GetItem operation: The provided key element does not match the schema',
      );
    } finally {
      await cloud.stop();
    }
  },
  60_000,
);
