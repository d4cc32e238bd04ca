import { agentNode, decimal, documentOf, messageIdOf, sumsOf } from '../bank-file/iso-20022.ts';
import { type Element, leaf, maybe, node, writeXml } from '../kernel/xml.ts';
import { assertWhole, isOfBatch, type SepaDebit, type SepaItem } from './direct-debit.ts';
import { sepaText } from './sepa-text.ts';

/**
 * The file of a SEPA direct debit run: pain.008.001.02 or .08 by the rules of EPC130-08 (CORE) and EPC131-08 (B2B), a
 * payment information for each scheme and sequence.
 * @param file which of the run's files, of which `items` are all and `run` says what they add up to
 * @throws RangeError when `items` are not those of `run`
 */
export function pain008(run: SepaDebit, items: readonly SepaItem[], file = 1): string {
  assertWhole(run, items);
  const messageId = messageIdOf(run.directDebitId);
  const groups = Map.groupBy(items, ({ scheme, sequence }) => `${scheme} ${sequence}`);
  const initiation = node(
    'CstmrDrctDbtInitn',
    node(
      'GrpHdr',
      leaf('MsgId', file === 1 ? messageId : `${messageId}-F${file}`),
      leaf('CreDtTm', run.createdAt),
      ...sumsOf(items.map(({ amount }) => amount)),
      node('InitgPty', leaf('Nm', sepaText(run.creditor.name, 70))),
    ),
    [...groups.values()].map((group) => {
      const number = run.batches.findIndex((batch) => group[0] && isOfBatch(batch, group[0], file)) + 1;
      return paymentNode(run, group, `${messageId}-${number}`);
    }),
  );
  return writeXml(documentOf(run.message, initiation));
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
    ...sumsOf(items.map(({ amount }) => amount)),
    node(
      'PmtTpInf',
      node('SvcLvl', leaf('Cd', 'SEPA')),
      node('LclInstrm', leaf('Cd', first.scheme)),
      leaf('SeqTp', first.sequence),
    ),
    leaf('ReqdColltnDt', run.collectOn),
    node('Cdtr', leaf('Nm', sepaText(creditor.name, 70))),
    node('CdtrAcct', node('Id', leaf('IBAN', creditor.iban))),
    agentNode('CdtrAgt', creditor.bic, bicOf(run)),
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
    leaf('InstdAmt', decimal(item.amount), { Ccy: 'EUR' }),
    node('DrctDbtTx', node('MndtRltdInf', leaf('MndtId', item.mandateId), leaf('DtOfSgntr', item.signedOn))),
    agentNode('DbtrAgt', item.bic, bicOf(run)),
    node('Dbtr', leaf('Nm', sepaText(item.name, 70))),
    node('DbtrAcct', node('Id', leaf('IBAN', item.iban))),
    node('RmtInf', maybe('Ustrd', sepaText(item.remittance, 140))),
  );
}

const bicOf = ({ message }: SepaDebit) => (message === 'pain.008.001.02' ? 'BIC' : 'BICFI');
