import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { expectReply, type World } from './world.ts';

const TrialBalance = z.looseObject({
  balances: z.array(
    z.looseObject({
      currency: z.string(),
      difference: z.literal(0),
      accounts: z.array(z.looseObject({ account: z.string(), balance: z.int() })),
    }),
  ),
});
const Journal = z.looseObject({ number: z.string(), links: z.looseObject({ csv: z.string() }) });

const hasHledger = spawnSync('hledger', ['--version']).status === 0;

/** The books as finance takes them out, in the eyes of another program. */
export function books(world: () => World): void {
  describe('the books', () => {
    const to = '2026-12-31';

    async function exported(format: 'ledger' | 'csv'): Promise<string> {
      const finance = await world().as('finance');
      let path: string | undefined = `/v1/ledger/export?from=2026-01-01&to=${to}&format=${format}`;
      let content = '';
      while (path !== undefined) {
        const reply = await finance('GET', path);
        content += expectReply(reply, 200, z.string());
        path = /<([^>]+)>;\s*rel="next"/.exec(reply.headers.get('link') ?? '')?.[1];
      }
      return content;
    }

    it.skipIf(!hasHledger)(
      'pass hledger check, and hledger balances as the API does (skipped without hledger)',
      async () => {
        const directory = mkdtempSync(join(tmpdir(), 'o2c-books-'));
        try {
          const file = join(directory, 'books.journal');
          writeFileSync(file, await exported('ledger'));
          execFileSync('hledger', ['check', '-f', file]);
          const table = execFileSync('hledger', ['balance', '-f', file, '--flat', '-N', '-O', 'csv'], {
            encoding: 'utf8',
          });
          const theirs = table
            .trim()
            .split('\n')
            .slice(1)
            .map((row) => {
              const [account = '', amount = ''] = row.split('","').map((cell) => cell.replaceAll('"', ''));
              const code = /\d{4}/.exec(account)?.[0] ?? account;
              return [code, Math.round(Number(amount.replace(/[^\d.-]/g, '')) * 100)] as const;
            });
          const finance = await world().as('finance');
          const answer = expectReply(await finance('GET', '/v1/ledger/trial-balance'), 200, TrialBalance);
          const ours = answer.balances
            .flatMap(({ accounts }) => accounts)
            .filter(({ balance }) => balance !== 0)
            .map(({ account, balance }) => [account, balance] as const);
          expect(new Map(theirs)).toEqual(new Map(ours));
          expect(ours.length).toBeGreaterThan(4);
        } finally {
          rmSync(directory, { recursive: true });
        }
      },
    );

    it('are handed to the ERP once: a journal read again is the same, and nothing is left for a second', async () => {
      const finance = await world().as('finance');
      const taken = expectReply(await finance('POST', '/v1/ledger/journals', { key: 'erp-1' }), 201, Journal);
      expect(taken.number).toBe('JRN-000001');
      const again = expectReply(await finance('POST', '/v1/ledger/journals', { key: 'erp-1' }), 201, Journal);
      expect(again).toEqual(taken);
      const first = await finance('GET', taken.links.csv);
      expect(await finance('GET', taken.links.csv)).toMatchObject({ status: 200, body: first.body });
      expect(first.body).toContain('INV-2026-000001');
      expect(await finance('POST', '/v1/ledger/journals', { key: 'erp-2' })).toMatchObject({
        status: 409,
        body: { code: 'journal_empty' },
      });
    });
  });
}
