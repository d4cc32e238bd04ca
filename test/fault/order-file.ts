/**
 * A day of orders in the Online Retail format: nine orders of six customers, a counter sale, a return, a stock
 * correction and a line that can't be read. Their numbers decide how they are paid: on time, late, short, never.
 */
export function orderFile(): string {
  const goods = Array.from({ length: 9 }, (_, index) => {
    const customer = 14_000 + (index % 6);
    return [1, 2, 3].map((line) => ({
      number: 580_540 + index,
      sku: `220${line}${index}`,
      quantity: 6 * line,
      price: (1.25 * line).toFixed(2),
      customer: `${customer}.0`,
    }));
  }).flat();
  const lines = [
    ...goods,
    // The same article twice stays two lines, postage is a charge, and what is free is carried along.
    { number: 580_541, sku: '22011', quantity: 1, price: '1.25', customer: '14001.0' },
    { number: 580_541, sku: 'POST', quantity: 1, price: '18.00', customer: '14001.0' },
    { number: 580_542, sku: '22099', quantity: 4, price: '0.00', customer: '14002.0' },
    { number: 580_560, sku: '22010', quantity: 2, price: '2.46', customer: '' },
    { number: 580_560, sku: 'DOT', quantity: 1, price: '5.10', customer: '' },
    { number: 'C580561', sku: '22010', quantity: -3, price: '1.25', customer: '14000.0' },
    { number: 580_562, sku: '22020', quantity: -2, price: '0.00', customer: '' },
    { number: 580_563, sku: '22020', quantity: 'many', price: '1.25', customer: '14003.0' },
  ];
  return [
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    ...lines.map(
      ({ number, sku, quantity, price, customer }) =>
        `${number},${sku},ARTICLE ${sku},${quantity},2011-12-05 08:38:00,${price},${customer},United Kingdom`,
    ),
    '',
  ].join('\n');
}
