import { type AttributeValue, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import type { Dynoxide } from './dynoxide.ts';

const Image = z.custom<Record<string, AttributeValue>>(
  (value) => typeof value === 'object' && value !== null,
);
const Description = z.object({
  StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }),
});
const Iterator = z.object({ ShardIterator: z.string() });
const Records = z.object({
  NextShardIterator: z.string().optional(),
  Records: z.array(
    z.object({
      eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
      dynamodb: z.object({ NewImage: Image.optional(), OldImage: Image.optional() }),
    }),
  ),
});

export type StreamRecord = {
  event: 'INSERT' | 'MODIFY' | 'REMOVE';
  before: Record<string, unknown> | undefined;
  after: Record<string, unknown> | undefined;
};

/** Everything the stream of `tableName` has told so far, in its order. */
export async function streamOf(server: Dynoxide, tableName: string): Promise<StreamRecord[]> {
  const { Table } = await server.client.send(new DescribeTableCommand({ TableName: tableName }));
  const StreamArn = Table?.LatestStreamArn;
  const { StreamDescription } = Description.parse(await call(server, 'DescribeStream', { StreamArn }));
  const told: StreamRecord[] = [];
  for (const { ShardId } of StreamDescription.Shards) {
    const request = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let next: string | undefined = Iterator.parse(
      await call(server, 'GetShardIterator', request),
    ).ShardIterator;
    while (next) {
      const page: z.infer<typeof Records> = Records.parse(
        await call(server, 'GetRecords', { ShardIterator: next }),
      );
      for (const { eventName, dynamodb } of page.Records) {
        const { NewImage, OldImage } = dynamodb;
        told.push({
          event: eventName,
          before: OldImage && unmarshall(OldImage),
          after: NewImage && unmarshall(NewImage),
        });
      }
      // An open shard goes on for ever; it has told all when a page is empty.
      next = page.Records.length > 0 ? page.NextShardIterator : undefined;
    }
  }
  return told;
}

async function call(server: Dynoxide, operation: string, input: unknown): Promise<unknown> {
  const answer = await fetch(server.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20260101T000000Z',
      'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local',
    },
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
