import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Sending as the sender address and nobody else. The identity is not made here: proving that the domain is ours needs
 * DNS records, which are no part of this deployment (README.md, "Deploy"). SES checks a send against the identity it
 * finds verified, the address itself or else its domain, so both are named; and against the configuration set.
 */
export function sendMail(scope: Construct, senderAddress: string, configurationSet: string): PolicyStatement {
  const domain = senderAddress.slice(senderAddress.lastIndexOf('@') + 1);
  return new PolicyStatement({
    sid: 'SendMail',
    actions: ['ses:SendRawEmail'],
    resources: [
      ['identity', senderAddress],
      ['identity', domain],
      ['configuration-set', configurationSet],
    ].map(([resource = '', resourceName = '']) =>
      Stack.of(scope).formatArn({
        service: 'ses',
        resource,
        resourceName,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    ),
    conditions: { StringEquals: { 'ses:FromAddress': senderAddress } },
  });
}
