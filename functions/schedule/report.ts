import * as z from 'zod';
import { morningReportCsv } from '#shared/document/morning-report-csv.ts';
import { morningReportXlsx } from '#shared/document/morning-report-xlsx.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import { dateIn, instant } from '#shared/kernel/time.ts';
import { mailClaims } from '#shared/mail/mail-store.ts';
import { officeFromEnv, post } from '#shared/mail/post-office.ts';
import { renderMorningReportMail } from '#shared/mail/templates/morning-report.ts';
import { composeMorningReport } from '#shared/report/compose-morning-report.ts';
import { loadReportSources } from '#shared/report/report-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ scheduledTime: z.string() });

const table = dynamoTable();
const office = officeFromEnv(mailClaims(table));
const { company } = office;
const recipients = (process.env['FINANCE_RECIPIENTS'] ?? '').split(',');

/** Each morning: the figures of the day that ended, to finance by mail, once a day. */
export async function handler(event: unknown): Promise<{ date: string; sent: boolean }> {
  const at = instant(Event.parse(event).scheduledTime);
  const date = addDays(dateIn(company.timeZone, at), -1);
  const report = composeMorningReport(company, date, at, await loadReportSources(table, date));
  const sent = await post(
    office,
    {
      mailId: `morning-report-${date}`,
      kind: 'morning_report',
      to: recipients,
      content: renderMorningReportMail(report),
      attachments: [
        {
          filename: `open-items-${date}.csv`,
          contentType: 'text/csv; charset=utf-8',
          content: morningReportCsv(report),
        },
        {
          filename: `morning-report-${date}.xlsx`,
          contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          content: Buffer.from(await morningReportXlsx(report)),
        },
      ],
    },
    at,
  );
  return { date, sent };
}
