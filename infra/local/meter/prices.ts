/**
 * AWS list prices in US dollars, region us-east-1 (N. Virginia), first paid tier, without the free tier.
 * As AWS published them in 2025 (DynamoDB after its halving of November 2024); check the page named beside each.
 */
export const prices = {
  region: 'us-east-1',
  asOf: '2025-12-31',
  httpApi: { perRequest: 1.0e-6, source: 'https://aws.amazon.com/api-gateway/pricing/' },
  lambda: {
    perRequest: 0.2e-6,
    perGbSecondArm: 1.33334e-5,
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  dynamoDb: {
    perWriteUnit: 0.625e-6,
    perReadUnit: 0.125e-6,
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  eventBridge: { perCustomEvent: 1.0e-6, source: 'https://aws.amazon.com/eventbridge/pricing/' },
  scheduler: { perInvocation: 1.0e-6, source: 'https://aws.amazon.com/eventbridge/pricing/' },
  stepFunctions: {
    perStandardTransition: 25e-6,
    perExpressRequest: 1.0e-6,
    perExpressGbSecond: 1.667e-5,
    source: 'https://aws.amazon.com/step-functions/pricing/',
  },
  sqs: { perRequest: 0.4e-6, source: 'https://aws.amazon.com/sqs/pricing/' },
  s3: { perWrite: 5.0e-6, perRead: 0.4e-6, source: 'https://aws.amazon.com/s3/pricing/' },
  ses: { perMail: 0.1e-3, perAttachmentGb: 0.12, source: 'https://aws.amazon.com/ses/pricing/' },
  secretsManager: { perCall: 0.05e-4, source: 'https://aws.amazon.com/secrets-manager/pricing/' },
  logs: { perGbIngested: 0.5, source: 'https://aws.amazon.com/cloudwatch/pricing/' },
} as const;

/** What a month costs besides, however many orders there are; not in the meter's sum. */
export const notMetered = [
  'storage (table, backups, logs, event archive)',
  'custom metrics, alarms and the dashboard',
  'X-Ray traces',
  'the secret itself ($0.40 a month)',
  'data transfer out',
] as const;
