import * as z from 'zod';
import { StatementUploadId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';
import { BankAccountId, BankStatementId, StatementReading } from './bank-line.ts';
import { StatementFormat } from './bank-statement.ts';

/** What a caller says of a file that it will upload; what is left out is read from the file. */
export const UploadInput = z.strictObject({
  bankAccountId: BankAccountId.optional(),
  format: StatementFormat.optional(),
  ...StatementReading.omit({ csv: true }).shape,
});
export type UploadInput = z.infer<typeof UploadInput>;

const common = {
  uploadId: StatementUploadId,
  given: UploadInput,
  createdAt: Instant,
  createdBy: z.string(),
  version: z.int().min(1),
};

/**
 * A large file on its way: `waiting` for its import to be asked for, `started`, then `taken` or `refused` as a whole. A
 * refused one can be put and started again.
 */
export const Upload = z.discriminatedUnion('status', [
  z.strictObject({ ...common, status: z.literal('waiting') }),
  z.strictObject({ ...common, status: z.literal('started'), startedAt: Instant, startedBy: z.string() }),
  z.strictObject({ ...common, status: z.literal('taken'), bankStatementIds: z.array(BankStatementId) }),
  z.strictObject({
    ...common,
    status: z.literal('refused'),
    code: z.string(),
    detail: z.string(),
    issues: z.array(z.strictObject({ path: z.string(), message: z.string() })),
  }),
]);
export type Upload = z.infer<typeof Upload>;
export type StartedUpload = Extract<Upload, { status: 'started' }>;

/** An upload whose file is to come. */
export function newUpload(
  uploadId: StatementUploadId,
  given: UploadInput,
  { at, by }: { at: Instant; by: string },
): Upload {
  return { uploadId, status: 'waiting', given, createdAt: at, createdBy: by, version: 1 };
}

/** The upload once its import is asked for; undefined when it is under way or done. */
export function startUpload(
  upload: Upload,
  { at, by }: { at: Instant; by: string },
): StartedUpload | undefined {
  switch (upload.status) {
    case 'waiting':
    case 'refused':
      return {
        ...commonOf(upload),
        status: 'started',
        startedAt: at,
        startedBy: by,
        version: upload.version + 1,
      };
    case 'started':
    case 'taken':
      return undefined;
    default:
      return upload satisfies never;
  }
}

/** The upload once its statements are taken. */
export function takenUpload(upload: StartedUpload, bankStatementIds: readonly BankStatementId[]): Upload {
  return {
    ...commonOf(upload),
    status: 'taken',
    bankStatementIds: [...bankStatementIds],
    version: upload.version + 1,
  };
}

/** The upload once it turned out to be no statement file that can be taken. */
export function refusedUpload(
  upload: StartedUpload,
  why: { code: string; message: string; issues: readonly { path: string; message: string }[] },
): Upload {
  const { code, message: detail, issues } = why;
  return {
    ...commonOf(upload),
    status: 'refused',
    code,
    detail,
    issues: [...issues],
    version: upload.version + 1,
  };
}

function commonOf({ uploadId, given, createdAt, createdBy }: Upload) {
  return { uploadId, given, createdAt, createdBy };
}
