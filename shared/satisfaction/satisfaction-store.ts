import * as z from 'zod';
import { recordFact } from '../fact/record-fact.ts';
import { datesBetween } from '../kernel/calendar.ts';
import { eachLimited } from '../kernel/each-limited.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import { commit, onFreshRead, versionConflict } from '../table/commit.ts';
import { keys, owners, versionSlot } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Table } from '../table/table.ts';
import {
  type Asked,
  answerAfter,
  kindOf,
  SatisfactionAnswer,
  SatisfactionKind,
  Score,
} from './satisfaction.ts';

const AnswerItem = z.object(SatisfactionAnswer.shape);
const Summed = z.object({ subject: z.string(), kind: SatisfactionKind, score: Score, version: z.int() });
export type SummedAnswer = z.infer<typeof Summed>;

/** Days looked at side by side. */
const DAYS_AT_ONCE = 8;

export async function loadAnswer(table: Table, { subject }: Asked): Promise<SatisfactionAnswer | undefined> {
  const item = await table.get(keys.satisfaction(subject), { consistent: true });
  return item && AnswerItem.parse(item);
}

/** Notes what a customer said, once, however often it says so. @returns its answer as it stands */
export function keepAnswer(
  table: Table,
  asked: Asked,
  said: { score: number; comment?: string | undefined },
  { at, timeZone }: { at: Instant; timeZone: string },
): Promise<SatisfactionAnswer> {
  return onFreshRead(async () => {
    const before = await loadAnswer(table, asked);
    const next = answerAfter(before, asked, said, at);
    if (!next) {
      if (!before) throw new RangeError('a first answer is always one');
      return before;
    }
    const { subject, customerId } = asked;
    const { score, version } = next;
    const kind = kindOf(subject);
    const key = keys.satisfaction(subject);
    await commit(table, [
      {
        do: 'put',
        item: { ...key, ...next },
        when: [
          before
            ? { attribute: 'version', is: 'equal', value: before.version }
            : { attribute: 'PK', is: 'absent' },
        ],
        refusal: versionConflict('answer'),
      },
      recordFact('satisfaction.answered', key.PK, versionSlot(version), {
        at,
        actor: customerId,
        customerId,
        data: { subject, kind, score },
        indexed: {
          // An answer counts for the day it was first given.
          OPK: owners.day('satisfaction.answered', dateIn(timeZone, next.answeredAt)),
          OSK: `${subject}#${versionSlot(version)}`,
          sum: { subject, kind, score, version },
        },
      }),
    ]);
    return next;
  });
}

/** The last answers to what was first answered between two days: a query a day. */
export async function loadAnswersOf(
  table: Table,
  from: CalendarDate,
  to: CalendarDate,
): Promise<SummedAnswer[]> {
  const last = new Map<string, SummedAnswer>();
  await eachLimited(datesBetween(from, to), DAYS_AT_ONCE, async (date) => {
    const partition = owners.day('satisfaction.answered', date);
    for (const item of await queryAll(table, { index: 'byOwner', partition })) {
      const answer = Summed.parse(item['sum']);
      const known = last.get(answer.subject);
      if (!known || known.version < answer.version) last.set(answer.subject, answer);
    }
  });
  return [...last.values()];
}
