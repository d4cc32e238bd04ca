import * as z from 'zod';
import { AchItem, type DirectDebit, SepaItem } from './direct-debit.ts';
import type { DebitFile } from './direct-debit-store.ts';
import { nacha } from './nacha.ts';
import { pain008 } from './pain-008.ts';

/** The types of the files that banks take, by the run's format. */
const typeOf = { sepa: 'application/xml', nacha: 'text/plain' } as const satisfies Record<
  DirectDebit['format'],
  string
>;

/** Whether `accept` names the type of the run's file for the bank, not JSON. */
export function wantsFile({ format }: Pick<DirectDebit, 'format'>, accept = ''): boolean {
  return accept.includes(typeOf[format]);
}

/** A file for the bank. @param file which of the run's it is */
export function bankFile(
  { run, items }: DebitFile,
  file: number,
): { contentType: 'application/xml' | 'text/plain'; content: string } {
  switch (run.format) {
    case 'sepa':
      return { contentType: typeOf.sepa, content: pain008(run, z.array(SepaItem).parse(items), file) };
    case 'nacha':
      return { contentType: typeOf.nacha, content: nacha(run, z.array(AchItem).parse(items)) };
    default:
      return run satisfies never;
  }
}
