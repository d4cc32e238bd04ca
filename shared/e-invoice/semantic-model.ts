/**
 * An invoice as EN 16931-1 sees it, ready to be written in either syntax: all amounts are decimal texts in the
 * document's currency. The numbers in the comments are the standard's business terms (BT) and groups (BG).
 */
export type SemanticInvoice = {
  /** An invoice or a credit note: two roots in UBL, one in CII. */
  readonly kind: 'invoice' | 'credit_note';
  /** BT-1, BT-2, BT-3, BT-5, BT-9, BT-10, BT-13, BT-22 */
  readonly number: string;
  readonly issuedOn: string;
  readonly typeCode: string;
  readonly currency: string;
  readonly dueOn: string | undefined;
  readonly buyerReference: string | undefined;
  readonly orderReference: string | undefined;
  readonly note: string | undefined;
  /** BG-3 */
  readonly preceding: readonly { readonly number: string; readonly issuedOn: string }[];
  readonly seller: SemanticParty;
  readonly buyer: SemanticParty;
  /** BG-13: BT-72, BG-14 and the address BG-15 */
  readonly delivery: {
    readonly on: string | undefined;
    readonly period: Period | undefined;
    readonly address: SemanticAddress | undefined;
  };
  readonly payment: SemanticPayment;
  /** BG-20 and BG-21 */
  readonly adjustments: readonly SemanticAdjustment[];
  readonly totals: SemanticTotals;
  /** BG-23 */
  readonly groups: readonly SemanticGroup[];
  readonly lines: readonly SemanticLine[];
};

export type Period = { readonly from: string; readonly to: string };

export type SemanticAddress = {
  readonly lines: readonly string[];
  readonly city: string | undefined;
  readonly postalCode: string | undefined;
  readonly country: string;
};

/** BG-4 or BG-7 */
export type SemanticParty = {
  readonly name: string;
  readonly tradingName: string | undefined;
  /** BT-34 or BT-49 */
  readonly endpoint: { readonly scheme: string; readonly id: string };
  /** BT-29: where nothing else identifies the seller. */
  readonly identifier: string | undefined;
  /** BT-31 or BT-48 */
  readonly vatId: string | undefined;
  /** BT-30 */
  readonly registration: { readonly id: string; readonly scheme: string | undefined } | undefined;
  readonly address: SemanticAddress;
  /** BG-6 or BG-9 */
  readonly contact: {
    readonly name: string | undefined;
    readonly phone: string | undefined;
    readonly email: string;
  };
};

/** BG-16, BT-20 */
export type SemanticPayment = {
  readonly meansCode: string;
  /** BT-83 */
  readonly reference: string;
  /** BG-17 */
  readonly account: { readonly iban: string; readonly bic: string; readonly holder: string } | undefined;
  readonly terms: string | undefined;
};

export type SemanticTax = { readonly category: string; readonly rate: string | undefined };

/** BG-20, BG-21, BG-27. `percent` and `base` only together, and only where they give the amount. */
export type SemanticAdjustment = {
  readonly charge: boolean;
  readonly reasonCode: string;
  readonly reason: string;
  readonly amount: string;
  readonly percent: { readonly rate: string; readonly base: string } | undefined;
  readonly tax: SemanticTax;
};

/** BG-22: BT-106 to BT-115 */
type SemanticTotals = {
  readonly lines: string;
  readonly allowances: string | undefined;
  readonly charges: string | undefined;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  readonly prepaid: string | undefined;
  readonly payable: string;
};

export type SemanticGroup = {
  readonly tax: SemanticTax;
  readonly net: string;
  readonly amount: string;
  /** BT-121, BT-120 */
  readonly exemptionCode: string | undefined;
  readonly exemptionReason: string | undefined;
};

/** BG-25 */
export type SemanticLine = {
  readonly id: string;
  readonly note: string | undefined;
  readonly name: string;
  readonly sku: string | undefined;
  readonly quantity: number;
  readonly unit: string;
  readonly price: string;
  readonly net: string;
  readonly period: Period | undefined;
  readonly allowance: SemanticAdjustment | undefined;
  readonly tax: SemanticTax;
};
