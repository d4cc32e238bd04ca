const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** `text` as it may stand between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/**
 * A link as it may stand in an `href`.
 * @throws RangeError for anything but http, https and mailto: nothing a mail may run
 */
export function safeHref(url: string): string {
  const { protocol, href } = new URL(url);
  if (!['https:', 'http:', 'mailto:'].includes(protocol))
    throw new RangeError(`a mail can't link to ${protocol}`);
  return escapeHtml(href);
}

/** One line without control characters, as a subject has to be. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
