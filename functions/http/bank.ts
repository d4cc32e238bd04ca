import {
  listBankAccounts,
  loadBankAccount,
  saveBankAccountActions,
} from '#shared/bank/bank-account-store.ts';
import * as api from '#shared/bank/bank-api.ts';
import { changeBankAccount } from '#shared/bank/change-account.ts';
import { uploadFileKey } from '#shared/bank/statement-files.ts';
import { statementBucket } from '#shared/bank/statement-files-client.ts';
import { listStatements, loadStatement } from '#shared/bank/statement-store.ts';
import { takeFile } from '#shared/bank/take-file-store.ts';
import { newUpload, startUpload, type Upload } from '#shared/bank/upload.ts';
import { loadUpload, saveUploadActions } from '#shared/bank/upload-store.ts';
import { type Answer, httpFunction, operation } from '#shared/http/http-function.ts';
import { assertMatches } from '#shared/http/request.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { newId, StatementUploadId } from '#shared/kernel/ids.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const files = statementBucket(process.env['STATEMENT_BUCKET'] ?? '');

/** How long the address of an upload takes a file. */
const UPLOAD_SECONDS = 3_600;

const accountNotFound = () => new DomainError('bank_account_not_found', 'There is no such bank account.');
const uploadNotFound = () => new DomainError('upload_not_found', 'There is no such upload.');

const putAccount = operation(api.putBankAccount, ({ params, body, caller, at, ifMatch }) =>
  onFreshRead(async () => {
    const before = await loadBankAccount(table, params.bankAccountId, { consistent: true });
    assertMatches(ifMatch, before?.version ?? 0);
    const next = changeBankAccount(before, params.bankAccountId, body);
    if (next) await commit(table, saveBankAccountActions(before, next, { at, actor: caller.name }));
    const account = next ?? before;
    return { status: before ? 200 : 201, version: account?.version ?? 1, body: account };
  }),
);

const getAccount = operation(api.getBankAccount, async ({ params }) => {
  const account = await loadBankAccount(table, params.bankAccountId);
  if (!account) throw accountNotFound();
  return { version: account.version, body: account };
});

const listAccounts = operation(api.listBankAccounts, async ({ query }) => {
  const { accounts, nextCursor } = await listBankAccounts(table, query);
  return { body: { items: accounts, nextCursor } };
});

const take = operation(api.takeBankStatements, async ({ query, file, caller, at }) => {
  const { statements, isNew } = await takeFile(table, files, file, query, { at, by: caller.name });
  return { status: isNew ? 201 : 200, body: { items: statements.map(api.statementView) } };
});

const list = operation(api.listBankStatements, async ({ query }) => {
  const { statements, nextCursor } = await listStatements(table, query.bankAccountId, query);
  return { body: { items: statements.map(api.statementView), nextCursor } };
});

const get = operation(api.getBankStatement, async ({ params }) => {
  const found = await loadStatement(table, params.bankStatementId);
  if (!found) throw new DomainError('bank_statement_not_found', 'There is no such bank statement.');
  return { body: api.statementView(found) };
});

const createUpload = operation(
  api.createStatementUpload,
  async ({ body, caller, at, remember }) => {
    const uploadId = newId('upl', at);
    const upload = newUpload(uploadId, body, { at, by: caller.name });
    await commit(table, [remember(uploadId), ...saveUploadActions(upload, { at, actor: caller.name })]);
    return created(upload);
  },
  {
    // As it was then, with an address that counts its hour anew.
    replay: async (uploadId) => {
      const upload = await loadUpload(table, StatementUploadId.parse(uploadId), { consistent: true });
      if (!upload) throw uploadNotFound();
      return created(
        newUpload(upload.uploadId, upload.given, { at: upload.createdAt, by: upload.createdBy }),
      );
    },
  },
);

const getUpload = operation(api.getStatementUpload, async ({ params }) => {
  const upload = await loadUpload(table, params.uploadId);
  if (!upload) throw uploadNotFound();
  return { body: api.uploadView(upload) };
});

const importUpload = operation(api.importStatementUpload, ({ params, caller, at }) =>
  onFreshRead(async () => {
    const upload = await loadUpload(table, params.uploadId, { consistent: true });
    if (!upload) throw uploadNotFound();
    const started = startUpload(upload, { at, by: caller.name });
    if (started) await commit(table, saveUploadActions(started, { at, actor: caller.name }));
    return { body: api.uploadView(started ?? upload) };
  }),
);

export const handler = httpFunction(table, [
  putAccount,
  getAccount,
  listAccounts,
  take,
  list,
  get,
  createUpload,
  getUpload,
  importUpload,
]);

async function created(upload: Upload): Promise<Answer> {
  const url = await files.uploadUrl(uploadFileKey(upload.uploadId), UPLOAD_SECONDS);
  return {
    body: {
      ...api.uploadView(upload),
      url,
    },
    headers: { location: `/v1/bank-statements/uploads/${upload.uploadId}` },
  };
}
