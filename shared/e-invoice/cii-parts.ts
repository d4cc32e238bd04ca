import { type Element, leaf, maybe, node } from '../kernel/xml.ts';
import type {
  Period,
  SemanticAddress,
  SemanticAdjustment,
  SemanticLine,
  SemanticParty,
  SemanticTax,
} from './semantic-model.ts';

/** A calendar day in UN/CEFACT's form 102, CCYYMMDD. @param types whose data type the place wants */
export function ciiDate(date: string, types: 'udt' | 'qdt' = 'udt'): Element {
  return leaf(`${types}:DateTimeString`, date.replaceAll('-', ''), { format: '102' });
}

/** A billing period, of the document or of a line. */
export function ciiPeriodNode(period: Period | undefined): Element | undefined {
  if (period === undefined) return undefined;
  return node(
    'ram:BillingSpecifiedPeriod',
    node('ram:StartDateTime', ciiDate(period.from)),
    node('ram:EndDateTime', ciiDate(period.to)),
  );
}

/** Seller or buyer. */
export function ciiPartyNode(name: string, party: SemanticParty): Element {
  const { contact, registration, tradingName } = party;
  return node(
    name,
    maybe('ram:ID', party.identifier),
    leaf('ram:Name', party.name),
    registration === undefined && tradingName === undefined
      ? undefined
      : node(
          'ram:SpecifiedLegalOrganization',
          maybe(
            'ram:ID',
            registration?.id,
            registration?.scheme === undefined ? {} : { schemeID: registration.scheme },
          ),
          maybe('ram:TradingBusinessName', tradingName),
        ),
    node(
      'ram:DefinedTradeContact',
      maybe('ram:PersonName', contact.name),
      contact.phone === undefined
        ? undefined
        : node('ram:TelephoneUniversalCommunication', leaf('ram:CompleteNumber', contact.phone)),
      node('ram:EmailURIUniversalCommunication', leaf('ram:URIID', contact.email)),
    ),
    postalNode(party.address),
    node(
      'ram:URIUniversalCommunication',
      leaf('ram:URIID', party.endpoint.id, { schemeID: party.endpoint.scheme }),
    ),
    party.vatId === undefined
      ? undefined
      : node('ram:SpecifiedTaxRegistration', leaf('ram:ID', party.vatId, { schemeID: 'VA' })),
  );
}

/** A postal address. */
export function postalNode({ lines, city, postalCode, country }: SemanticAddress): Element {
  const [one, two, ...rest] = lines;
  return node(
    'ram:PostalTradeAddress',
    maybe('ram:PostcodeCode', postalCode),
    maybe('ram:LineOne', one),
    maybe('ram:LineTwo', two),
    maybe('ram:LineThree', rest.join(', ')),
    maybe('ram:CityName', city),
    leaf('ram:CountryID', country),
  );
}

/** A discount or charge, of the document or of a line; a line's has the line's tax. */
export function ciiAdjustmentNode(adjustment: SemanticAdjustment, ofDocument: boolean): Element {
  return node(
    'ram:SpecifiedTradeAllowanceCharge',
    node('ram:ChargeIndicator', leaf('udt:Indicator', String(adjustment.charge))),
    maybe('ram:CalculationPercent', adjustment.percent?.rate),
    maybe('ram:BasisAmount', adjustment.percent?.base),
    leaf('ram:ActualAmount', adjustment.amount),
    leaf('ram:ReasonCode', adjustment.reasonCode),
    leaf('ram:Reason', adjustment.reason),
    ofDocument ? taxNode('ram:CategoryTradeTax', adjustment.tax) : undefined,
  );
}

/** A line. */
export function ciiLineNode(line: SemanticLine): Element {
  return node(
    'ram:IncludedSupplyChainTradeLineItem',
    node(
      'ram:AssociatedDocumentLineDocument',
      leaf('ram:LineID', line.id),
      line.note === undefined ? undefined : node('ram:IncludedNote', leaf('ram:Content', line.note)),
    ),
    node('ram:SpecifiedTradeProduct', maybe('ram:SellerAssignedID', line.sku), leaf('ram:Name', line.name)),
    node(
      'ram:SpecifiedLineTradeAgreement',
      node('ram:NetPriceProductTradePrice', leaf('ram:ChargeAmount', line.price)),
    ),
    node(
      'ram:SpecifiedLineTradeDelivery',
      leaf('ram:BilledQuantity', String(line.quantity), { unitCode: line.unit }),
    ),
    node(
      'ram:SpecifiedLineTradeSettlement',
      taxNode('ram:ApplicableTradeTax', line.tax),
      ciiPeriodNode(line.period),
      line.allowance === undefined ? undefined : ciiAdjustmentNode(line.allowance, false),
      node('ram:SpecifiedTradeSettlementLineMonetarySummation', leaf('ram:LineTotalAmount', line.net)),
    ),
  );
}

function taxNode(name: string, tax: SemanticTax): Element {
  return node(
    name,
    leaf('ram:TypeCode', 'VAT'),
    leaf('ram:CategoryCode', tax.category),
    maybe('ram:RateApplicablePercent', tax.rate),
  );
}
