import { type Element, leaf, maybe, node, writeXml } from '../kernel/xml.ts';
import {
  ciiAdjustmentNode,
  ciiDate,
  ciiLineNode,
  ciiPartyNode,
  ciiPeriodNode,
  postalNode,
} from './cii-parts.ts';
import type { SemanticInvoice } from './semantic-model.ts';

/** An invoice or credit note in UN/CEFACT Cross Industry Invoice D16B, in the order of its schema. */
export function writeCii(invoice: SemanticInvoice, guidelineId: string): string {
  const root = node(
    'rsm:CrossIndustryInvoice',
    node(
      'rsm:ExchangedDocumentContext',
      node('ram:GuidelineSpecifiedDocumentContextParameter', leaf('ram:ID', guidelineId)),
    ),
    node(
      'rsm:ExchangedDocument',
      leaf('ram:ID', invoice.number),
      leaf('ram:TypeCode', invoice.typeCode),
      node('ram:IssueDateTime', ciiDate(invoice.issuedOn)),
      invoice.note === undefined ? undefined : node('ram:IncludedNote', leaf('ram:Content', invoice.note)),
    ),
    node(
      'rsm:SupplyChainTradeTransaction',
      invoice.lines.map(ciiLineNode),
      agreementNode(invoice),
      deliveryNode(invoice),
      settlementNode(invoice),
    ),
  );
  const cefact = 'urn:un:unece:uncefact:data';
  return writeXml({
    ...root,
    attributes: {
      'xmlns:rsm': `${cefact}:standard:CrossIndustryInvoice:100`,
      'xmlns:ram': `${cefact}:standard:ReusableAggregateBusinessInformationEntity:100`,
      'xmlns:qdt': `${cefact}:standard:QualifiedDataType:100`,
      'xmlns:udt': `${cefact}:standard:UnqualifiedDataType:100`,
    },
  });
}

function agreementNode(invoice: SemanticInvoice): Element {
  return node(
    'ram:ApplicableHeaderTradeAgreement',
    maybe('ram:BuyerReference', invoice.buyerReference),
    ciiPartyNode('ram:SellerTradeParty', invoice.seller),
    ciiPartyNode('ram:BuyerTradeParty', invoice.buyer),
    invoice.orderReference === undefined
      ? undefined
      : node('ram:BuyerOrderReferencedDocument', leaf('ram:IssuerAssignedID', invoice.orderReference)),
  );
}

function deliveryNode({ delivery }: SemanticInvoice): Element {
  return node(
    'ram:ApplicableHeaderTradeDelivery',
    delivery.address === undefined ? undefined : node('ram:ShipToTradeParty', postalNode(delivery.address)),
    delivery.on === undefined
      ? undefined
      : node('ram:ActualDeliverySupplyChainEvent', node('ram:OccurrenceDateTime', ciiDate(delivery.on))),
  );
}

function settlementNode(invoice: SemanticInvoice): Element {
  const { payment, totals } = invoice;
  const { account } = payment;
  return node(
    'ram:ApplicableHeaderTradeSettlement',
    leaf('ram:PaymentReference', payment.reference),
    leaf('ram:InvoiceCurrencyCode', invoice.currency),
    node(
      'ram:SpecifiedTradeSettlementPaymentMeans',
      leaf('ram:TypeCode', payment.meansCode),
      account === undefined
        ? undefined
        : [
            node(
              'ram:PayeePartyCreditorFinancialAccount',
              leaf('ram:IBANID', account.iban),
              leaf('ram:AccountName', account.holder),
            ),
            node('ram:PayeeSpecifiedCreditorFinancialInstitution', leaf('ram:BICID', account.bic)),
          ],
    ),
    invoice.groups.map((group) =>
      node(
        'ram:ApplicableTradeTax',
        leaf('ram:CalculatedAmount', group.amount),
        leaf('ram:TypeCode', 'VAT'),
        maybe('ram:ExemptionReason', group.exemptionReason),
        leaf('ram:BasisAmount', group.net),
        leaf('ram:CategoryCode', group.tax.category),
        maybe('ram:ExemptionReasonCode', group.exemptionCode),
        maybe('ram:RateApplicablePercent', group.tax.rate),
      ),
    ),
    ciiPeriodNode(invoice.delivery.period),
    invoice.adjustments.map((adjustment) => ciiAdjustmentNode(adjustment, true)),
    node(
      'ram:SpecifiedTradePaymentTerms',
      maybe('ram:Description', payment.terms),
      invoice.dueOn === undefined ? undefined : node('ram:DueDateDateTime', ciiDate(invoice.dueOn)),
    ),
    node(
      'ram:SpecifiedTradeSettlementHeaderMonetarySummation',
      leaf('ram:LineTotalAmount', totals.lines),
      maybe('ram:ChargeTotalAmount', totals.charges),
      maybe('ram:AllowanceTotalAmount', totals.allowances),
      leaf('ram:TaxBasisTotalAmount', totals.net),
      leaf('ram:TaxTotalAmount', totals.tax, { currencyID: invoice.currency }),
      leaf('ram:GrandTotalAmount', totals.gross),
      maybe('ram:TotalPrepaidAmount', totals.prepaid),
      leaf('ram:DuePayableAmount', totals.payable),
    ),
    invoice.preceding.map(({ number, issuedOn }) =>
      node(
        'ram:InvoiceReferencedDocument',
        leaf('ram:IssuerAssignedID', number),
        node('ram:FormattedIssueDateTime', ciiDate(issuedOn, 'qdt')),
      ),
    ),
  );
}
