import type { CustomerId } from '../kernel/ids.ts';
import { sign } from '../payment/signature.ts';

/**
 * The secret that signs a customer's webhooks: derived from the deployment's own, so that none is stored beside the
 * customer's data. Each version is another.
 */
export function webhookSecretOf(deploymentSecret: string, customerId: CustomerId, version: number): string {
  return `whsec_${sign('invoice-webhook', deploymentSecret, `${customerId} ${version}`)}`;
}
