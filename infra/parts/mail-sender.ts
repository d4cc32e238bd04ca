import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Sending as the sender address and nobody else. The identity is not made here: proving that the domain is ours needs
 * DNS records, which are no part of this deployment (README.md, "Deploy"). SES checks a send against the identity it
 * finds verified, the address itself or else its domain, so both are named.
 */
export function sendMail(scope: Construct, senderAddress: string): PolicyStatement {
  const domain = senderAddress.slice(senderAddress.lastIndexOf('@') + 1);
  return new PolicyStatement({
    sid: 'SendMail',
    actions: ['ses:SendRawEmail'],
    resources: [senderAddress, domain].map((identity) =>
      Stack.of(scope).formatArn({
        service: 'ses',
        resource: 'identity',
        resourceName: identity,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    ),
    conditions: { StringEquals: { 'ses:FromAddress': senderAddress } },
  });
}
