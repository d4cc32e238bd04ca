/** The groups of the user pool. A person may be in several. */
export const roles = ['customer', 'sales', 'credit', 'warehouse', 'finance', 'support', 'admin'] as const;
export type Role = (typeof roles)[number];
