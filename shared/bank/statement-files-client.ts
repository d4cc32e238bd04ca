import { CopyObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { StatementFiles } from './statement-files.ts';

/** Without leave to list the bucket, S3 answers for a missing file as for a forbidden one. */
const missing = ['NoSuchKey', 'NotFound', 'AccessDenied'];

/** The bucket `bucket`. */
export function statementBucket(
  bucket: string,
  // Left to itself the client signs the checksum of an empty body into an upload's address, and S3 refuses the file.
  client = new S3Client({
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  }),
): StatementFiles {
  return {
    async put(key, content) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
    },

    async open(key) {
      try {
        const {
          Body,
          ETag = '',
          ContentLength = 0,
        } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        // On Node the body is a readable stream.
        if (!Body || !(Symbol.asyncIterator in Body)) throw new Error(`${key} came without its content`);
        return { etag: ETag, bytes: ContentLength, content: Body };
      } catch (error) {
        if (error instanceof Error && missing.includes(error.name)) return undefined;
        throw error;
      }
    },

    async copy(from, etag, to) {
      await client.send(
        new CopyObjectCommand({
          Bucket: bucket,
          CopySource: `${bucket}/${from}`,
          CopySourceIfMatch: etag,
          Key: to,
        }),
      );
    },

    uploadUrl: (key, seconds) =>
      getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: seconds }),
  };
}
