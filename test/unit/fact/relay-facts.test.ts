import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type FactBus, factBus } from '#shared/fact/fact-bus.ts';
import { recordFact } from '#shared/fact/record-fact.ts';
import { relayFacts } from '#shared/fact/relay-facts.ts';
import { OrderId } from '#shared/kernel/ids.ts';
import { Instant } from '#shared/kernel/time.ts';
import { readStreamEvent, type StreamRecord } from '#shared/table/stream-event.ts';
import { awsEndpoint } from '#test/builders/aws-endpoint.ts';

const PutEvents = z.object({ Entries: z.array(z.looseObject({ Detail: z.string() })) });
const at = Instant.parse('2026-04-08T07:00:00.000Z');

/** Record `n` of a shard: a fact as it lies in the table, with its keys and index attributes. */
function factRecord(n: number, reason = 'broken'): StreamRecord {
  const action = recordFact('order.released', 'ord_01kmbs00000000000000000001', String(n).padStart(6, '0'), {
    at,
    actor: 'carol',
    data: { orderId: OrderId.parse('ord_01kmbs00000000000000000001'), reason },
    indexed: { OPK: 'day#order.released#2026-04-08', OSK: 'x', sum: { gross: 1 } },
  });
  return { sequenceNumber: `seq-${n}`, item: action.do === 'put' ? action.item : {} };
}
const records = (count: number) => Array.from({ length: count }, (_, index) => factRecord(index + 1));
const notAFact = (n: number): StreamRecord => ({
  sequenceNumber: `seq-${n}`,
  item: { PK: 'x', SK: 'FACT#1', type: 'order.eaten' },
});

/** Takes all facts but those whose slot is in `refused`. */
function fakeBus(...refused: string[]) {
  const batches: string[][] = [];
  const bus: FactBus = {
    async put(facts) {
      batches.push(facts.map((fact) => fact.slot));
      return facts.map((fact) => !refused.includes(fact.slot));
    },
  };
  return { bus, batches };
}

describe('the relay', () => {
  it('puts facts onto the bus in their order, ten at a time', async () => {
    const { bus, batches } = fakeBus();
    expect(await relayFacts(bus, records(12))).toBeUndefined();
    expect(batches).toEqual([
      ['000001', '000002', '000003', '000004', '000005', '000006', '000007', '000008', '000009', '000010'],
      ['000011', '000012'],
    ]);
  });

  it('puts no more than 256 KB at once', async () => {
    const { bus, batches } = fakeBus();
    const long = 'x'.repeat(100_000);
    await relayFacts(bus, [factRecord(1, long), factRecord(2, long), factRecord(3, long)]);
    expect(batches).toEqual([['000001', '000002'], ['000003']]);
  });

  it('reports the first fact that the bus did not take, and tries nothing after its batch', async () => {
    const { bus, batches } = fakeBus('000003', '000005');
    expect(await relayFacts(bus, records(25))).toBe('seq-3');
    expect(batches).toHaveLength(1);
  });

  it('relays what comes before a record it can not read, and reports that', async () => {
    const { bus, batches } = fakeBus();
    expect(await relayFacts(bus, [factRecord(1), notAFact(2), factRecord(3)])).toBe('seq-2');
    expect(batches).toEqual([['000001']]);
  });

  it('fails as a whole where the first record can not be read, so that Lambda isolates it', async () => {
    const { bus, batches } = fakeBus();
    await expect(relayFacts(bus, [notAFact(1), factRecord(2)])).rejects.toThrow(
      'Invalid discriminator value',
    );
    expect(batches).toEqual([]);
  });
});

describe('the bus', () => {
  it('gets source, type, moment and the bare fact, and says which entries failed', async () => {
    const endpoint = await awsEndpoint({
      status: 200,
      body: JSON.stringify({
        FailedEntryCount: 1,
        Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }],
      }),
    });
    const bus = factBus('o2c-dev', new EventBridgeClient(endpoint.config));
    expect(await relayFacts(bus, records(2))).toBe('seq-2');
    const [first] = PutEvents.parse(JSON.parse(endpoint.requests[0] ?? '')).Entries;
    expect({ ...first, Detail: JSON.parse(first?.Detail ?? '') }).toEqual({
      EventBusName: 'o2c-dev',
      Source: 'o2c',
      DetailType: 'order.released',
      Time: 1_775_631_600,
      Detail: {
        id: 'ord_01kmbs00000000000000000001.000001',
        type: 'order.released',
        version: 1,
        at: '2026-04-08T07:00:00.000Z',
        subject: 'ord_01kmbs00000000000000000001',
        slot: '000001',
        actor: 'carol',
        data: { orderId: 'ord_01kmbs00000000000000000001', reason: 'broken' },
      },
    });
  });
});

describe('a stream event', () => {
  it('is read as the items it wrote', () => {
    const NewImage = { PK: { S: 'cus_acme' }, SK: { S: 'FACT#000001' }, data: { M: { step: { N: '1' } } } };
    expect(
      readStreamEvent({ Records: [{ eventName: 'INSERT', dynamodb: { SequenceNumber: '7', NewImage } }] }),
    ).toEqual([{ sequenceNumber: '7', item: { PK: 'cus_acme', SK: 'FACT#000001', data: { step: 1 } } }]);
  });
});
