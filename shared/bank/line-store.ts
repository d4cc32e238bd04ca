import { keys, queuePartition } from '../table/keys.ts';
import { type Action, ConditionFailed, type Item, type Table } from '../table/table.ts';
import { BankLine } from './bank-line.ts';

/** Stores a line, in the work queue of its account while it waits. @returns the line that is there already, if one is */
export async function storeLine(table: Table, line: BankLine): Promise<BankLine> {
  const { bankStatementId, bankAccountId, entry } = line;
  const waits = line.status === 'suggested' || line.status === 'queued';
  const action: Action = {
    do: 'put',
    item: {
      ...keys.bankLine(bankStatementId, entry.line),
      ...line,
      ...(waits && {
        DPK: queuePartition('bank-line', bankAccountId),
        DSK: `${line.bookedOn}#${bankStatementId}#${entry.line}`,
        due: { bankStatementId, bankAccountId, line: entry.line, status: line.status, amount: entry.amount },
      }),
    },
    when: [{ attribute: 'PK', is: 'absent' }],
  };
  try {
    await table.write(action);
    return line;
  } catch (error) {
    if (error instanceof ConditionFailed && error.found) return lineOf(error.found);
    throw error;
  }
}

/** @throws ZodError when the item is no bank line */
export function lineOf(item: Item): BankLine {
  const {
    PK: _pk,
    SK: _sk,
    DPK: _dpk,
    DSK: _dsk,
    due: _due,
    OPK: _opk,
    OSK: _osk,
    sum: _sum,
    ...line
  } = item;
  return BankLine.parse(line);
}
