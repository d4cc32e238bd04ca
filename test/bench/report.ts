import type { BundleSize } from '../../infra/bundle.ts';
import { prices } from '../../infra/local/meter/prices.ts';
import { aims, budgets, isApiFunction } from './budgets.ts';
import type { ColdStart } from './cold-start.ts';
import type { Cycle } from './cycle.ts';
import type { Rendering } from './rendering.ts';
import type { RoundTrips } from './round-trips.ts';

const KB = 1024;

/** Lines of text under a heading. */
export function section(title: string, lines: readonly string[]): string {
  return [`\n${title}`, '-'.repeat(title.length), ...lines].join('\n');
}

export function bundleReport(sizes: readonly BundleSize[]): string {
  const rows = sizes.toSorted((one, other) => other.bytes - one.bytes);
  const api = rows.filter(({ name }) => isApiFunction(name));
  const within = api.filter(({ bytes }) => bytes <= aims.apiBundleKb * KB).length;
  return section('(a) Bytes of each bundle, as uploaded, with its budget', [
    ...rows.map(({ name, bytes, parts }) => {
      const largest = parts.slice(0, 4).map((part) => `${part.package} ${Math.round(part.bytes / KB)}`);
      return (
        row([name, 18], [bytes, -9], [`${budgets.bundleKb[name]} KB`, -8]) + `  KB: ${largest.join(', ')}`
      );
    }),
    `${within} of ${api.length} API functions are within the aim of ${aims.apiBundleKb} KB; the rest of them is the AWS SDK, zod and the currency table.`,
  ]);
}

export function coldStartReport({ toFirstTableAnswer, bareNode }: ColdStart): string {
  return section('(b) From the start of the process to the first answer of the table', [
    `http-orders, getOrder: ${toFirstTableAnswer.toFixed(0)} ms (median of 5), of which a bare Node process takes ${bareNode.toFixed(0)} ms.`,
  ]);
}

export function roundTripReport(measured: readonly RoundTrips[]): string {
  return section('(c) Table round trips of each operation: in sequence, and requests in all', [
    ...measured.map(({ operation, inSequence, requests }) =>
      row([operation, 18], [inSequence, -4], [requests, -4]),
    ),
    `Aim: placeOrder in ${aims.placeOrderRoundTrips}.`,
  ]);
}

export function cycleReport({ lines, used }: Cycle): string {
  const { counts, usd, table, functions } = used;
  const title = `(d) One order of ${lines} line${lines === 1 ? '' : 's'}: ordered, shipped, invoiced, paid by bank transfer`;
  const perOperation = Object.entries(table).flatMap(([name, operations]) =>
    Object.entries(operations).map(([operation, { calls, readUnits, writeUnits }]) =>
      row([shortName(name), 18], [operation, 19], [calls, -3], [readUnits || '', -6], [writeUnits || '', -6]),
    ),
  );
  const perFunction = Object.entries(functions).map(([name, { calls, gbSeconds }]) =>
    row([shortName(name), 18], [calls, -3], [gbSeconds.toFixed(4), -8]),
  );
  return section(title, [
    `Table, units: ${counts.dynamoDbWriteUnits} write (aim ${aims.cycle.write}), ${counts.dynamoDbReadUnits} read (aim ${aims.cycle.read})`,
    row(['  function', 20], ['operation', 19], ['n', -3], ['read', -6], ['write', -6]),
    ...perOperation.map((line) => `  ${line}`),
    `Lambda: ${counts.lambdaRequests} calls, ${counts.lambdaGbSeconds.toFixed(3)} GB-seconds (of this machine, functions warm)`,
    ...perFunction.map((line) => `  ${line}`),
    `HTTP API ${counts.httpApiRequests} requests, EventBridge ${counts.eventBridgeEvents} events, Express ${counts.expressRequests} executions, mails ${counts.sesMails}`,
    ...Object.entries(usd)
      .filter(([, dollars]) => dollars > 0)
      .map(([service, dollars]) => `  ${row([service, 18], [`$${dollars.toFixed(7)}`, -12])}`),
    `  of Lambda the largest part: ${largestPart(used)}`,
    `Total $${used.totalUsd.toFixed(7)}, without mail $${used.totalUsdWithoutMail.toFixed(7)} (aim $${aims.cycleUsdWithoutMail.toFixed(7)}); prices of ${used.region}, ${used.pricesAsOf}`,
  ]);
}

export function renderingReport({ lines, median, slowest, bytes }: Rendering): string {
  return section('(e) The PDF of an invoice, by the warm function', [
    `${lines} lines, with logo, code and button: ${median.toFixed(0)} ms (median of 40), slowest ${slowest.toFixed(0)} ms, ${bytes} bytes (aim ${aims.renderingMs} ms).`,
  ]);
}

/** The function that ran longest, for its memory, and what that costs. */
function largestPart({ functions }: Cycle['used']): string {
  const [largest] = Object.entries(functions).toSorted(
    ([, one], [, other]) => other.gbSeconds - one.gbSeconds,
  );
  if (!largest) return 'none';
  const [name, { gbSeconds }] = largest;
  const dollars = gbSeconds * prices.lambda.perGbSecondArm;
  return `${shortName(name)}, ${gbSeconds.toFixed(4)} GB-seconds = $${dollars.toFixed(7)}`;
}

const shortName = (name: string) => name.replace(/^o2c-[a-z]+-/, '');

/** Columns, each so wide; a negative width stands to the right. */
function row(...cells: readonly (readonly [value: string | number, width: number])[]): string {
  return cells
    .map(([value, width]) => (width < 0 ? String(value).padStart(-width) : String(value).padEnd(width)))
    .join(' ');
}
