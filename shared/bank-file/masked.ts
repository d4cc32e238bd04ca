/** The first two and the last four characters of an account: what someone who may not see it is shown. */
export function masked(account: string): string {
  return account.length <= 8 ? `…${account.slice(-2)}` : `${account.slice(0, 2)}…${account.slice(-4)}`;
}
