import * as z from 'zod';
import { AchItem, SepaItem } from './direct-debit.ts';
import type { DebitFile } from './direct-debit-store.ts';
import { nacha } from './nacha.ts';
import { pain008 } from './pain-008.ts';

/** The file for the bank where `accept` names its type; undefined where JSON is wanted. */
export function bankFile(
  { run, items }: DebitFile,
  accept = '',
): { contentType: 'application/xml' | 'text/plain'; content: string } | undefined {
  switch (run.format) {
    case 'sepa':
      return accept.includes('application/xml')
        ? { contentType: 'application/xml', content: pain008(run, z.array(SepaItem).parse(items)) }
        : undefined;
    case 'nacha':
      return accept.includes('text/plain')
        ? { contentType: 'text/plain', content: nacha(run, z.array(AchItem).parse(items)) }
        : undefined;
    default:
      return run satisfies never;
  }
}
