/** A stored file as it is read: `etag` names this very content. */
type OpenedFile = {
  readonly etag: string;
  readonly bytes: number;
  readonly content: AsyncIterable<Uint8Array>;
};

/** Where files of bank statements lie. */
export interface StatementFiles {
  put(key: string, content: Uint8Array): Promise<void>;
  /** @returns undefined when there is no such file */
  open(key: string): Promise<OpenedFile | undefined>;
  /** Copies a file, all of it at once. @throws when its content is not `etag` any more */
  copy(from: string, etag: string, to: string): Promise<void>;
  /** An address to which whoever holds it can put the file, for `seconds` from now on. */
  uploadUrl(key: string, seconds: number): Promise<string>;
}

/** Where the file with this content lies: the same file lies once. @param sha256 in hexadecimal digits */
export const statementFileKey = (sha256: string) => `statements/${sha256}`;

/** Where a file is put before it is read. */
export const uploadFileKey = (uploadId: string) => `uploads/${uploadId}`;
