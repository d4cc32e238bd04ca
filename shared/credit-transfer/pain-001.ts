import { agentNode, decimal, documentOf, messageIdOf, sumsOf } from '../bank-file/iso-20022.ts';
import { sepaText } from '../direct-debit/sepa-text.ts';
import { minorDigits } from '../kernel/money.ts';
import { type Element, leaf, maybe, node, writeXml } from '../kernel/xml.ts';
import { assertWhole, type CreditTransferItem, type IsoTransfer } from './credit-transfer.ts';

/**
 * The file of a run to IBANs: pain.001.001.03 or .09, in euros by the rules of EPC132-08 (service level SEPA, charges by
 * the service level), in other currencies without a service level and with charges shared. Each transfer is booked by
 * itself, so that the statement tells of each under its end-to-end id.
 * @throws RangeError when `items` are not those of `run`, or one of them is no IBAN
 */
export function pain001(run: IsoTransfer, items: readonly CreditTransferItem[]): string {
  assertWhole(run, items);
  const messageId = messageIdOf(run.creditTransferId);
  const digits = minorDigits(run.currency);
  const sums = sumsOf(
    items.map(({ amount }) => amount),
    digits,
  );
  const { debtor, executeOn, currency } = run;
  const isSepa = currency === 'EUR';
  const initiation = node(
    'CstmrCdtTrfInitn',
    node(
      'GrpHdr',
      leaf('MsgId', messageId),
      leaf('CreDtTm', run.createdAt),
      ...sums,
      node('InitgPty', leaf('Nm', sepaText(debtor.name, 70))),
    ),
    node(
      'PmtInf',
      leaf('PmtInfId', `${messageId}-1`),
      leaf('PmtMtd', 'TRF'),
      leaf('BtchBookg', 'false'),
      ...sums,
      isSepa ? node('PmtTpInf', node('SvcLvl', leaf('Cd', 'SEPA'))) : undefined,
      run.message === 'pain.001.001.03'
        ? leaf('ReqdExctnDt', executeOn)
        : node('ReqdExctnDt', leaf('Dt', executeOn)),
      node('Dbtr', leaf('Nm', sepaText(debtor.name, 70))),
      node('DbtrAcct', node('Id', leaf('IBAN', debtor.iban)), leaf('Ccy', currency)),
      agentNode('DbtrAgt', debtor.bic, bicOf(run)),
      leaf('ChrgBr', isSepa ? 'SLEV' : 'SHAR'),
      items.map((item) => transferNode(item, run, digits)),
    ),
  );
  return writeXml(documentOf(run.message, initiation));
}

function transferNode(item: CreditTransferItem, run: IsoTransfer, digits: number): Element {
  const { endToEndId, amount, payee, remittance } = item;
  if (payee.kind !== 'iban') throw new RangeError(`${endToEndId} goes to no IBAN`);
  return node(
    'CdtTrfTxInf',
    node('PmtId', leaf('EndToEndId', endToEndId)),
    node('Amt', leaf('InstdAmt', decimal(amount, digits), { Ccy: run.currency })),
    // The IBAN says which bank it is, where no BIC does.
    payee.bic === undefined ? undefined : agentNode('CdtrAgt', payee.bic, bicOf(run)),
    node('Cdtr', leaf('Nm', sepaText(payee.name, 70))),
    node('CdtrAcct', node('Id', leaf('IBAN', payee.iban))),
    node('RmtInf', maybe('Ustrd', sepaText(remittance, 140))),
  );
}

const bicOf = ({ message }: IsoTransfer) => (message === 'pain.001.001.03' ? 'BIC' : 'BICFI');
