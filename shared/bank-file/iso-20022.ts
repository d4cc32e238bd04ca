import { type Element, leaf, node } from '../kernel/xml.ts';

/** A message's root. @param message its id, `pain.001.001.09` */
export function documentOf(message: string, initiation: Element): Element {
  return {
    name: 'Document',
    attributes: { xmlns: `urn:iso:std:iso:20022:tech:xsd:${message}` },
    content: [initiation],
  };
}

/** 26 characters of an id: a message id has 35 at most. */
export function messageIdOf(id: string): string {
  return id.slice(id.indexOf('_') + 1).toUpperCase();
}

/**
 * A bank: by its BIC, which messages until 2009 (`BIC`) name otherwise than those since (`BICFI`), else as not provided.
 */
export function agentNode(
  name: 'CdtrAgt' | 'DbtrAgt',
  bic: string | undefined,
  element: 'BIC' | 'BICFI',
): Element {
  const notProvided = node('Othr', leaf('Id', 'NOTPROVIDED'));
  return node(name, node('FinInstnId', bic === undefined ? notProvided : leaf(element, bic)));
}

/** How many transactions there are, and what they add up to in minor units of a currency of `digits`. */
export function sumsOf(amounts: readonly number[], digits = 2): [Element, Element] {
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  return [leaf('NbOfTxs', String(amounts.length)), leaf('CtrlSum', decimal(sum, digits))];
}

/** Minor units with `digits` after the point, exactly. */
export function decimal(minor: number, digits = 2): string {
  if (digits === 0) return String(minor);
  const written = String(minor).padStart(digits + 1, '0');
  return `${written.slice(0, -digits)}.${written.slice(-digits)}`;
}
