import { it } from 'vitest';
import { memoryTable } from '../../builders/memory-table.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aDraft, issue, keepCustomer, shipmentIdOf } from '../../builders/issued-invoices.ts';
it.each([2, 4, 8, 16, 40, 100])('measure %i', async (size) => {
  for (let run = 0; run < 3; run++) {
    const table = memoryTable();
    for (let n = 1; n <= size; n++) await keepCustomer(table, aCustomer({ customerId: `cus_${n}` }));
    table.resetUnits();
    const start = performance.now();
    const results = await Promise.allSettled(
      Array.from({ length: size }, (_, i) => {
        const client = table.client(() => new Promise((r) => setTimeout(r, 3 + Math.random() * 8)));
        return issue(client, aDraft({ customer: aCustomer({ customerId: `cus_${i + 1}` }), shipment: { shipmentId: shipmentIdOf(i + 1) } }));
      }),
    );
    console.log(size, results.filter((r) => r.status === 'rejected').length, 'failed; WU per invoice', table.units.writes / size, 'RU', table.units.reads / size, Math.round(performance.now() - start), 'ms');
  }
});
