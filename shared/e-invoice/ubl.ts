import { type Element, leaf, maybe, node, writeXml } from '../kernel/xml.ts';
import type {
  Period,
  SemanticAddress,
  SemanticAdjustment,
  SemanticInvoice,
  SemanticLine,
  SemanticParty,
  SemanticTax,
} from './semantic-model.ts';

const ubl = 'urn:oasis:names:specification:ubl:schema:xsd';

/** What an invoice says it conforms to (BT-24) and which process it belongs to (BT-23). */
export type UblSpecification = { readonly customizationId: string; readonly profileId: string };

/** An invoice or credit note in UBL 2.1, in the order of its schemas. */
export function writeUbl(invoice: SemanticInvoice, specification: UblSpecification): string {
  const name = invoice.kind === 'invoice' ? 'Invoice' : 'CreditNote';
  const { delivery, payment, currency } = invoice;
  const money = (element: string, amount: string | undefined) =>
    maybe(element, amount, { currencyID: currency });
  const root = node(
    name,
    leaf('cbc:CustomizationID', specification.customizationId),
    leaf('cbc:ProfileID', specification.profileId),
    leaf('cbc:ID', invoice.number),
    leaf('cbc:IssueDate', invoice.issuedOn),
    invoice.kind === 'invoice' ? maybe('cbc:DueDate', invoice.dueOn) : undefined,
    leaf(`cbc:${name}TypeCode`, invoice.typeCode),
    maybe('cbc:Note', invoice.note),
    leaf('cbc:DocumentCurrencyCode', currency),
    maybe('cbc:BuyerReference', invoice.buyerReference),
    periodNode(delivery.period),
    invoice.orderReference === undefined
      ? undefined
      : node('cac:OrderReference', leaf('cbc:ID', invoice.orderReference)),
    invoice.preceding.map(({ number, issuedOn }) =>
      node(
        'cac:BillingReference',
        node('cac:InvoiceDocumentReference', leaf('cbc:ID', number), leaf('cbc:IssueDate', issuedOn)),
      ),
    ),
    node('cac:AccountingSupplierParty', partyNode(invoice.seller)),
    node('cac:AccountingCustomerParty', partyNode(invoice.buyer)),
    deliveryNode(delivery),
    paymentMeansNode(payment),
    payment.terms === undefined ? undefined : node('cac:PaymentTerms', leaf('cbc:Note', payment.terms)),
    invoice.adjustments.map((adjustment) => allowanceNode(adjustment, currency, true)),
    node(
      'cac:TaxTotal',
      money('cbc:TaxAmount', invoice.totals.tax),
      invoice.groups.map((group) =>
        node(
          'cac:TaxSubtotal',
          money('cbc:TaxableAmount', group.net),
          money('cbc:TaxAmount', group.amount),
          taxNode('cac:TaxCategory', group.tax, [
            maybe('cbc:TaxExemptionReasonCode', group.exemptionCode),
            maybe('cbc:TaxExemptionReason', group.exemptionReason),
          ]),
        ),
      ),
    ),
    node(
      'cac:LegalMonetaryTotal',
      money('cbc:LineExtensionAmount', invoice.totals.lines),
      money('cbc:TaxExclusiveAmount', invoice.totals.net),
      money('cbc:TaxInclusiveAmount', invoice.totals.gross),
      money('cbc:AllowanceTotalAmount', invoice.totals.allowances),
      money('cbc:ChargeTotalAmount', invoice.totals.charges),
      money('cbc:PrepaidAmount', invoice.totals.prepaid),
      money('cbc:PayableAmount', invoice.totals.payable),
    ),
    invoice.lines.map((line) => lineNode(line, invoice.kind, currency)),
  );
  return writeXml({
    ...root,
    attributes: {
      xmlns: `${ubl}:${name}-2`,
      'xmlns:cac': `${ubl}:CommonAggregateComponents-2`,
      'xmlns:cbc': `${ubl}:CommonBasicComponents-2`,
    },
  });
}

function periodNode(period: Period | undefined): Element | undefined {
  if (period === undefined) return undefined;
  return node('cac:InvoicePeriod', leaf('cbc:StartDate', period.from), leaf('cbc:EndDate', period.to));
}

function partyNode(party: SemanticParty): Element {
  const { contact, registration } = party;
  return node(
    'cac:Party',
    leaf('cbc:EndpointID', party.endpoint.id, { schemeID: party.endpoint.scheme }),
    party.identifier === undefined
      ? undefined
      : node('cac:PartyIdentification', leaf('cbc:ID', party.identifier)),
    node('cac:PartyName', leaf('cbc:Name', party.tradingName ?? party.name)),
    addressNode('cac:PostalAddress', party.address),
    party.vatId === undefined
      ? undefined
      : node(
          'cac:PartyTaxScheme',
          leaf('cbc:CompanyID', party.vatId),
          node('cac:TaxScheme', leaf('cbc:ID', 'VAT')),
        ),
    node(
      'cac:PartyLegalEntity',
      leaf('cbc:RegistrationName', party.name),
      registration === undefined
        ? undefined
        : leaf(
            'cbc:CompanyID',
            registration.id,
            registration.scheme === undefined ? {} : { schemeID: registration.scheme },
          ),
    ),
    node(
      'cac:Contact',
      maybe('cbc:Name', contact.name),
      maybe('cbc:Telephone', contact.phone),
      leaf('cbc:ElectronicMail', contact.email),
    ),
  );
}

function addressNode(name: string, { lines, city, postalCode, country }: SemanticAddress): Element {
  const [street, additional, ...rest] = lines;
  return node(
    name,
    maybe('cbc:StreetName', street),
    maybe('cbc:AdditionalStreetName', additional),
    maybe('cbc:CityName', city),
    maybe('cbc:PostalZone', postalCode),
    rest.length === 0 ? undefined : node('cac:AddressLine', leaf('cbc:Line', rest.join(', '))),
    node('cac:Country', leaf('cbc:IdentificationCode', country)),
  );
}

function deliveryNode({ on, address }: SemanticInvoice['delivery']): Element | undefined {
  if (on === undefined && address === undefined) return undefined;
  return node(
    'cac:Delivery',
    maybe('cbc:ActualDeliveryDate', on),
    address === undefined ? undefined : node('cac:DeliveryLocation', addressNode('cac:Address', address)),
  );
}

function paymentMeansNode({ meansCode, reference, account }: SemanticInvoice['payment']): Element {
  return node(
    'cac:PaymentMeans',
    leaf('cbc:PaymentMeansCode', meansCode),
    leaf('cbc:PaymentID', reference),
    account === undefined
      ? undefined
      : node(
          'cac:PayeeFinancialAccount',
          leaf('cbc:ID', account.iban),
          leaf('cbc:Name', account.holder),
          node('cac:FinancialInstitutionBranch', leaf('cbc:ID', account.bic)),
        ),
  );
}

function allowanceNode(adjustment: SemanticAdjustment, currency: string, ofDocument: boolean): Element {
  return node(
    'cac:AllowanceCharge',
    leaf('cbc:ChargeIndicator', String(adjustment.charge)),
    leaf('cbc:AllowanceChargeReasonCode', adjustment.reasonCode),
    leaf('cbc:AllowanceChargeReason', adjustment.reason),
    maybe('cbc:MultiplierFactorNumeric', adjustment.percent?.rate),
    leaf('cbc:Amount', adjustment.amount, { currencyID: currency }),
    maybe('cbc:BaseAmount', adjustment.percent?.base, { currencyID: currency }),
    ofDocument ? taxNode('cac:TaxCategory', adjustment.tax) : undefined,
  );
}

function taxNode(name: string, tax: SemanticTax, exemption: readonly (Element | undefined)[] = []): Element {
  return node(
    name,
    leaf('cbc:ID', tax.category),
    maybe('cbc:Percent', tax.rate),
    ...exemption,
    node('cac:TaxScheme', leaf('cbc:ID', 'VAT')),
  );
}

function lineNode(line: SemanticLine, kind: SemanticInvoice['kind'], currency: string): Element {
  const [name, quantity] =
    kind === 'invoice'
      ? ['cac:InvoiceLine', 'cbc:InvoicedQuantity']
      : ['cac:CreditNoteLine', 'cbc:CreditedQuantity'];
  return node(
    name,
    leaf('cbc:ID', line.id),
    maybe('cbc:Note', line.note),
    leaf(quantity, String(line.quantity), { unitCode: line.unit }),
    leaf('cbc:LineExtensionAmount', line.net, { currencyID: currency }),
    periodNode(line.period),
    line.allowance === undefined ? undefined : allowanceNode(line.allowance, currency, false),
    node(
      'cac:Item',
      leaf('cbc:Name', line.name),
      line.sku === undefined ? undefined : node('cac:SellersItemIdentification', leaf('cbc:ID', line.sku)),
      taxNode('cac:ClassifiedTaxCategory', line.tax),
    ),
    node('cac:Price', leaf('cbc:PriceAmount', line.price, { currencyID: currency })),
  );
}
