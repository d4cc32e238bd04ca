import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

const Image = z.custom<Record<string, AttributeValue>>(
  (image) => typeof image === 'object' && image !== null,
  'must be an item in DynamoDB notation',
);

const StreamEvent = z.object({
  Records: z.array(z.object({ dynamodb: z.object({ SequenceNumber: z.string(), NewImage: Image }) })),
});

/** What a record of the table's stream wrote, as plain values, and its place in the shard. */
export type StreamRecord = { sequenceNumber: string; item: Readonly<Record<string, unknown>> };

/** The writes in a Lambda event of the table's stream, in the order of the shard. @throws ZodError on other events */
export function readStreamEvent(event: unknown): StreamRecord[] {
  return StreamEvent.parse(event).Records.map(({ dynamodb: { SequenceNumber, NewImage } }) => ({
    sequenceNumber: SequenceNumber,
    item: unmarshall(NewImage),
  }));
}
