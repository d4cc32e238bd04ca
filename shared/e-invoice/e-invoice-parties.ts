import type { Company } from '../company/company.ts';
import type { Buyer } from '../invoice/invoice.ts';
import { electronicAddress, vatIdentifier } from './electronic-address.ts';
import type { SemanticAddress, SemanticParty } from './semantic-model.ts';
import { notPossible } from './tax-groups.ts';

/** The Dutch register of companies in the list of identifier schemes; elsewhere the register's number stands alone. */
const registerSchemes: Readonly<Record<string, string>> = { NL: '0106' };

/** The seller. @param outsideVat leaves out its VAT id, which BR-O-02 forbids there */
export function sellerParty(seller: Company, outsideVat: boolean): SemanticParty {
  const { country } = seller;
  const endpoint = electronicAddress(seller);
  const id = seller.registrationNumber;
  return {
    name: seller.legalName,
    tradingName: seller.tradingName,
    endpoint,
    // BR-CO-26: something has to identify the seller.
    identifier: outsideVat && id === undefined ? endpoint.id : undefined,
    vatId: outsideVat ? undefined : vatIdentifier(seller.vatId, country),
    registration: id === undefined ? undefined : { id, scheme: registerSchemes[country] },
    address: { lines: seller.addressLines, city: seller.city, postalCode: seller.postalCode, country },
    contact: { name: seller.tradingName ?? seller.legalName, phone: seller.phone, email: seller.email },
  };
}

/** The buyer. @param outsideVat leaves out its VAT id, which BR-O-02 forbids there */
export function buyerParty(buyer: Buyer, outsideVat: boolean): SemanticParty {
  const { lines, city, postalCode, country } = buyer.address;
  return {
    name: buyer.name,
    tradingName: undefined,
    endpoint: electronicAddress({ ...buyer, country }),
    identifier: undefined,
    vatId: outsideVat ? undefined : vatIdentifier(buyer.vatId, country),
    registration: undefined,
    address: { lines, city, postalCode, country },
    contact: { name: undefined, phone: undefined, email: buyer.email },
  };
}

/**
 * What German rules ask of both parties and of where goods went, in XRechnung and in Peppol between Germans (BR-DE-2 to
 * BR-DE-11).
 * @throws DomainError `e_invoice_not_possible` naming what is missing
 */
export function checkGermanParties(
  seller: SemanticParty,
  buyer: SemanticParty,
  shipTo: SemanticAddress | undefined,
): void {
  const missing = [
    ...(seller.contact.phone === undefined ? ["the seller's telephone number"] : []),
    ...(buyer.address.city === undefined ? ["the buyer's city"] : []),
    ...(buyer.address.postalCode === undefined ? ["the buyer's post code"] : []),
    ...(shipTo && shipTo.city === undefined ? ['the city the goods went to'] : []),
    ...(shipTo && shipTo.postalCode === undefined ? ['the post code the goods went to'] : []),
  ];
  if (missing.length > 0) throw notPossible(`German rules ask for ${missing.join(' and ')}`);
}

/**
 * Whether the VAT ids are there that each category asks for (BR-AE-02, BR-IC-02).
 * @throws DomainError `e_invoice_not_possible`
 */
export function checkBuyerVatId(buyer: SemanticParty, categories: readonly string[]): void {
  if (buyer.vatId !== undefined) return;
  if (categories.includes('K')) throw notPossible("an intra-community supply needs the buyer's VAT id");
  if (categories.includes('AE')) throw notPossible("reverse charge needs the buyer's VAT id");
}

/**
 * Whether both can be addressed in the Peppol network, which knows no mail addresses.
 * @throws DomainError `e_invoice_not_possible`
 */
export function checkPeppolAddresses(seller: SemanticParty, buyer: SemanticParty): void {
  for (const [who, { endpoint }] of Object.entries({ seller, buyer })) {
    if (endpoint.scheme === 'EM') {
      throw notPossible(`the ${who} has no address in the Peppol network: give it a Peppol id, or a VAT id`);
    }
  }
}
