import { describe, expect, it } from 'vitest';
import { Address } from '#shared/customer/customer.ts';
import { WarehouseId } from '#shared/kernel/ids.ts';
import { allocateStock, rankWarehouses } from '#shared/stock/allocate-stock.ts';
import { Warehouse, WarehousePolicy } from '#shared/stock/warehouse-policy.ts';

const [main, north, south] = ['main', 'north', 'south'].map((id) => WarehouseId.parse(id));
const ranked = [main, north, south].flatMap((id) => id ?? []);
const line = (sku: string, quantity: number) => ({ kind: 'goods', sku, quantity }) as const;
const stock = (shelves: Record<string, Record<string, number>>) =>
  new Map(
    Object.entries(shelves).map(([sku, units]) => [
      sku,
      new Map(Object.entries(units).map(([id, each]) => [WarehouseId.parse(id), each] as const)),
    ]),
  );
const never = () => false;

describe('sharing the goods of an order out', () => {
  it('takes one warehouse that has it all rather than a preferred one that has a part', () => {
    const available = stock({ MUG: { main: 9, north: 9 }, LAMP: { north: 1 } });
    expect(allocateStock([line('MUG', 2), line('LAMP', 1)], available, ranked, never)).toEqual({
      home: 'north',
      lines: [{}, {}],
      short: [],
    });
  });

  it('takes the preferred one of those that have it all', () => {
    const available = stock({ MUG: { south: 9, north: 9 } });
    expect(allocateStock([line('MUG', 2)], available, ranked, never).home).toBe('north');
  });

  it('takes the fewest warehouses that have it together', () => {
    const available = stock({ MUG: { main: 2, north: 3, south: 5 }, LAMP: { main: 4 } });
    expect(allocateStock([line('LAMP', 4), line('MUG', 7)], available, ranked, never)).toEqual({
      home: 'main',
      lines: [
        {},
        {
          allocations: [
            { warehouse: 'main', quantity: 2 },
            { warehouse: 'south', quantity: 5 },
          ],
        },
      ],
      short: [],
    });
  });

  it('counts two lines of one SKU together', () => {
    const available = stock({ MUG: { main: 3, north: 4 } });
    expect(allocateStock([line('MUG', 2), line('MUG', 2)], available, ranked, never)).toMatchObject({
      home: 'north',
      short: [],
    });
  });

  it('says what is short, or lets it wait where it may', () => {
    const available = stock({ MUG: { main: 3, north: 1 } });
    expect(allocateStock([line('MUG', 6)], available, ranked, never).short).toEqual([
      { sku: 'MUG', wanted: 6, available: 4 },
    ]);
    expect(allocateStock([line('MUG', 6)], available, ranked, () => true)).toEqual({
      home: 'main',
      lines: [
        {
          allocations: [
            { warehouse: 'main', quantity: 3 },
            { warehouse: 'north', quantity: 1 },
          ],
          backordered: 2,
        },
      ],
      short: [],
    });
  });
});

describe('the warehouses for an order', () => {
  const at = (id: string, more: object = {}) => Warehouse.parse({ id, name: id, ...more });
  const address = (country: string) => ({ address: Address.parse({ lines: ['1 Way'], country }) });

  it('are those that serve the country: the one wished for, the nearest, then by preference', () => {
    const warehouses = [
      at('main', { preference: 1, ...address('GB') }),
      at('closed', { active: false, ...address('DE') }),
      at('island', { countries: ['IE'], ...address('DE') }),
      at('berlin', { preference: 9, ...address('DE') }),
      at('paris', { preference: 2, ...address('FR') }),
    ];
    expect(rankWarehouses(warehouses, { country: 'DE' })).toEqual(['berlin', 'main', 'paris']);
    const wish = WarehouseId.parse('paris');
    expect(rankWarehouses(warehouses, { country: 'DE', wish })).toEqual(['paris', 'berlin', 'main']);
  });

  it('always have main among them, and each a name of its own', () => {
    const policy = (warehouses: object[]) =>
      WarehousePolicy.safeParse({ warehouses: warehouses.map((each) => ({ name: 'W', ...each })) });
    expect(policy([{ id: 'main' }, { id: 'north' }]).success).toBe(true);
    expect(policy([{ id: 'north' }]).error?.issues[0]?.message).toContain('must have `main`');
    expect(policy([{ id: 'main', active: false }]).success).toBe(false);
    expect(policy([{ id: 'main' }, { id: 'main' }]).error?.issues[0]?.message).toContain('id of its own');
  });
});
