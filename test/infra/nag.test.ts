import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { acceptFinding } from '../../infra/parts/nag.ts';
import { type Synthesised, synthesised } from './synthesised.ts';

const Report = z.object({
  pluginReports: z.array(
    z.object({ pluginName: z.string(), violations: z.array(z.object({ ruleName: z.string() })) }),
  ),
});

let stages: readonly Synthesised[];
beforeAll(async () => {
  stages = [await synthesised('dev'), await synthesised('prod')];
}, 180_000);

describe('cdk-nag', () => {
  it('has nothing to say about any stage, nor has CloudFormation', () => {
    for (const { directory } of stages) {
      const report = readFileSync(`${directory}/validation-report.json`, 'utf8');
      const { pluginReports } = Report.parse(JSON.parse(report));
      const findings = pluginReports.filter(({ pluginName }) => pluginName !== 'Construct Annotations');
      expect(findings).toEqual([]);
    }
  });

  it('leaves one warning of our own: outside dev, sandbox payments are no money', () => {
    const warnings = stages.map(({ directory }) => {
      const report = readFileSync(`${directory}/validation-report.json`, 'utf8');
      return Report.parse(JSON.parse(report)).pluginReports.flatMap(({ violations }) =>
        violations.map(({ ruleName }) => ruleName),
      );
    });
    expect(warnings).toEqual([[], ['Annotation::order-to-cash:sandbox-payments']]);
  });

  it('would say it: both packs report a queue without a dead-letter queue', () => {
    const stack = new Stack(new App(), 'canary');
    new Queue(stack, 'Queue', { encryption: QueueEncryption.UNENCRYPTED });
    expect(findings(new AwsSolutionsChecks(), stack)).toContain('AwsSolutions-SQS3');
    expect(findings(new ServerlessChecks(), stack)).toContain('Serverless-SQSRedrivePolicy');
  });

  it('accepts a finding on the one construct it was accepted for', () => {
    const stack = new Stack(new App(), 'canary');
    acceptFinding(new Queue(stack, 'Accepted'), 'Serverless-SQSRedrivePolicy', 'the end of the line');
    new Queue(stack, 'Other');
    const { violations } = new ServerlessChecks().validateScope(stack);
    expect(violations.flatMap(({ violatingResources }) => violatingResources)).toEqual([
      expect.objectContaining({ constructPath: 'canary/Other/Resource' }),
    ]);
  });
});

function findings(pack: AwsSolutionsChecks | ServerlessChecks, stack: Stack): string[] {
  return pack.validateScope(stack).violations.map(({ ruleName }) => ruleName);
}
