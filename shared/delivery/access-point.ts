import type { PeppolId } from './preference.ts';

/** A document for the Peppol network. */
type PeppolMessage = {
  /** Unique for ever; sending it again under the same id is sending it once. */
  messageId: string;
  receiver: PeppolId;
  kind: 'invoice' | 'credit_note';
  number: string;
  /** UBL 2.1 by Peppol BIS Billing 3. */
  content: Buffer | string;
};

/** What an access point says: `sent` is under way, `delivered` was acknowledged, `refused` will never be taken. */
type PeppolReceipt =
  | { status: 'sent' | 'delivered'; messageId: string }
  | { status: 'refused'; reason: string };

/** A way into the Peppol network. A provider of access points gets one implementation. */
export interface AccessPoint {
  readonly name: string;
  /** Hands a document over. @throws Error when it is not known what became of it: try again */
  send(message: PeppolMessage): Promise<PeppolReceipt>;
}
