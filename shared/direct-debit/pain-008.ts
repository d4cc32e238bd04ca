import { type Element, leaf, maybe, node, writeXml } from '../kernel/xml.ts';
import { assertWhole, isOfBatch, type SepaDebit, type SepaItem, sumOf } from './direct-debit.ts';
import { sepaText } from './sepa-text.ts';

/**
 * The file of a SEPA direct debit run: pain.008.001.02 or .08 by the rules of EPC130-08 (CORE) and EPC131-08 (B2B), a
 * payment information for each scheme and sequence.
 * @param file which of the run's files, of which `items` are all and `run` says what they add up to
 * @throws RangeError when `items` are not those of `run`
 */
export function pain008(run: SepaDebit, items: readonly SepaItem[], file = 1): string {
  assertWhole(run, items);
  const messageId = messageIdOf(run);
  const groups = Map.groupBy(items, ({ scheme, sequence }) => `${scheme} ${sequence}`);
  const initiation = node(
    'CstmrDrctDbtInitn',
    node(
      'GrpHdr',
      leaf('MsgId', file === 1 ? messageId : `${messageId}-F${file}`),
      leaf('CreDtTm', run.createdAt),
      ...sumsOf(items),
      node('InitgPty', leaf('Nm', sepaText(run.creditor.name, 70))),
    ),
    [...groups.values()].map((group) => {
      const number = run.batches.findIndex((batch) => group[0] && isOfBatch(batch, group[0], file)) + 1;
      return paymentNode(run, group, `${messageId}-${number}`);
    }),
  );
  return writeXml({
    name: 'Document',
    attributes: { xmlns: `urn:iso:std:iso:20022:tech:xsd:${run.message}` },
    content: [initiation],
  });
}

/** 26 characters: a message id has 35 at most. Each payment information adds its place in the run. */
function messageIdOf({ directDebitId }: Pick<SepaDebit, 'directDebitId'>): string {
  return directDebitId.slice(directDebitId.indexOf('_') + 1).toUpperCase();
}

function paymentNode(run: SepaDebit, items: readonly SepaItem[], id: string): Element {
  const [first] = items;
  if (!first) throw new RangeError('a payment information has at least one debit');
  const { creditor } = run;
  return node(
    'PmtInf',
    leaf('PmtInfId', id),
    leaf('PmtMtd', 'DD'),
    leaf('BtchBookg', String(run.batchBooking)),
    ...sumsOf(items),
    node(
      'PmtTpInf',
      node('SvcLvl', leaf('Cd', 'SEPA')),
      node('LclInstrm', leaf('Cd', first.scheme)),
      leaf('SeqTp', first.sequence),
    ),
    leaf('ReqdColltnDt', run.collectOn),
    node('Cdtr', leaf('Nm', sepaText(creditor.name, 70))),
    node('CdtrAcct', node('Id', leaf('IBAN', creditor.iban))),
    agentNode('CdtrAgt', creditor.bic, run),
    leaf('ChrgBr', 'SLEV'),
    node(
      'CdtrSchmeId',
      node(
        'Id',
        node('PrvtId', node('Othr', leaf('Id', creditor.creditorId), node('SchmeNm', leaf('Prtry', 'SEPA')))),
      ),
    ),
    items.map((item) => debitNode(item, run)),
  );
}

function debitNode(item: SepaItem, run: SepaDebit): Element {
  return node(
    'DrctDbtTxInf',
    node('PmtId', leaf('EndToEndId', item.endToEndId)),
    leaf('InstdAmt', euros(item.amount), { Ccy: 'EUR' }),
    node('DrctDbtTx', node('MndtRltdInf', leaf('MndtId', item.mandateId), leaf('DtOfSgntr', item.signedOn))),
    agentNode('DbtrAgt', item.bic, run),
    node('Dbtr', leaf('Nm', sepaText(item.name, 70))),
    node('DbtrAcct', node('Id', leaf('IBAN', item.iban))),
    node('RmtInf', maybe('Ustrd', sepaText(item.remittance, 140))),
  );
}

function agentNode(name: 'CdtrAgt' | 'DbtrAgt', bic: string | undefined, { message }: SepaDebit): Element {
  const known = message === 'pain.008.001.02' ? 'BIC' : 'BICFI';
  return node(
    name,
    node('FinInstnId', bic === undefined ? node('Othr', leaf('Id', 'NOTPROVIDED')) : leaf(known, bic)),
  );
}

function sumsOf(items: readonly SepaItem[]): [Element, Element] {
  return [leaf('NbOfTxs', String(items.length)), leaf('CtrlSum', euros(sumOf(items)))];
}

/** Cents as euros with two digits after the point, exactly. */
function euros(cents: number): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
