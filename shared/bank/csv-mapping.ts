import * as z from 'zod';
import { Currency } from '../kernel/money.ts';
import { StatementAccount } from './bank-statement.ts';

/** A column by its name in the header line, or by its place from 0. */
const Column = z.union([z.string().min(1), z.int().min(0).max(200)]);
export type Column = z.infer<typeof Column>;

/**
 * How a bank writes its CSV, saved once for an account. The amount stands in one column with sign, or in `debit` (out)
 * and `credit` (in). Balances come from the `balance` column after each entry, or are given when the file is read.
 */
export const CsvMapping = z
  .strictObject({
    account: StatementAccount,
    currency: Currency,
    encoding: z.enum(['utf-8', 'latin1', 'windows-1252']).default('utf-8'),
    delimiter: z.enum([',', ';', '\t', '|']),
    decimal: z.enum(['.', ',']),
    dateFormat: z.enum([
      'YYYY-MM-DD',
      'YYYYMMDD',
      'DD.MM.YYYY',
      'DD/MM/YYYY',
      'DD-MM-YYYY',
      'MM/DD/YYYY',
      'DD.MM.YY',
    ]),
    /** Lines before the header, or before the first entry where there is no header. */
    skipLines: z.int().min(0).max(100).default(0),
    header: z.boolean(),
    order: z.enum(['oldest first', 'newest first']).default('oldest first'),
    columns: z.strictObject({
      bookedOn: Column,
      valueOn: Column.optional(),
      amount: Column.optional(),
      debit: Column.optional(),
      credit: Column.optional(),
      text: z.array(Column).max(10).default([]),
      name: Column.optional(),
      iban: Column.optional(),
      bic: Column.optional(),
      bankReference: Column.optional(),
      endToEndId: Column.optional(),
      creditorReference: Column.optional(),
      currency: Column.optional(),
      code: Column.optional(),
      balance: Column.optional(),
    }),
  })
  .refine(
    ({ columns }) =>
      (columns.amount === undefined) === (columns.debit !== undefined && columns.credit !== undefined),
    { path: ['columns', 'amount'], message: 'name either amount, or debit and credit' },
  )
  .refine(
    ({ header, columns }) =>
      header ||
      Object.values(columns)
        .flat()
        .every((one) => typeof one === 'number'),
    {
      path: ['columns'],
      message: 'without a header, columns are named by their place',
    },
  );
export type CsvMapping = z.infer<typeof CsvMapping>;
