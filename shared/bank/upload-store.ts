import { recordFact } from '../fact/record-fact.ts';
import type { StatementUploadId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { Upload } from './upload.ts';

export async function loadUpload(
  table: Table,
  uploadId: StatementUploadId,
  options: { consistent?: boolean } = {},
): Promise<Upload | undefined> {
  const item = await table.get(keys.statementUpload(uploadId), options);
  if (!item) return undefined;
  const { PK: _pk, SK: _sk, ...upload } = item;
  return Upload.parse(upload);
}

/** The writes that make `next` the upload, with the fact of what happened to it. @throws (on commit) `version_conflict` */
export function saveUploadActions(next: Upload, { at, actor }: { at: Instant; actor: string }): Action[] {
  return [
    {
      do: 'put',
      item: { ...keys.statementUpload(next.uploadId), ...next },
      when: [
        next.version === 1
          ? { attribute: 'PK', is: 'absent' }
          : { attribute: 'version', is: 'equal', value: next.version - 1 },
      ],
      refusal: versionConflict('upload'),
    },
    factOf(next, { at, actor }),
  ];
}

function factOf(upload: Upload, by: { at: Instant; actor: string }): Action {
  const { uploadId } = upload;
  const slot = versionSlot(upload.version);
  switch (upload.status) {
    case 'waiting':
      return recordFact('statement_upload.created', uploadId, slot, { ...by, data: { uploadId } });
    case 'started':
      return recordFact('statement_upload.started', uploadId, slot, { ...by, data: { uploadId } });
    case 'taken': {
      const { bankStatementIds } = upload;
      return recordFact('statement_upload.taken', uploadId, slot, {
        ...by,
        data: { uploadId, bankStatementIds },
      });
    }
    case 'refused': {
      const { code, detail } = upload;
      return recordFact('statement_upload.refused', uploadId, slot, {
        ...by,
        data: { uploadId, code, detail },
      });
    }
    default:
      return upload satisfies never;
  }
}
