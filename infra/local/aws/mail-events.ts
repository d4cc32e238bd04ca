import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { PutEventsInput } from '../bus/event-bus.ts';
import { type Assembly, resourcesOf } from '../template/assembly.ts';
import { nameIn } from '../template/attributes.ts';
import type { Resolver } from '../template/intrinsics.ts';

const DestinationProperties = z.object({
  ConfigurationSetName: z.string(),
  EventDestination: z.object({
    Enabled: z.boolean().default(true),
    MatchingEventTypes: z.array(z.string()),
    EventBridgeDestination: z.object({ EventBusArn: z.string() }).optional(),
  }),
});

/** A mail that was taken, as far as events tell of it. */
export type TakenMail = {
  id: string;
  source: string;
  recipients: readonly string[];
  configurationSet: string;
  tags: Readonly<Record<string, string>>;
};

type Entry = z.input<typeof PutEventsInput>['Entries'][number];
type EventType = 'BOUNCE' | 'COMPLAINT' | 'DELIVERY';

const detailTypes = {
  BOUNCE: 'Email Bounced',
  COMPLAINT: 'Email Complaint Received',
  DELIVERY: 'Email Delivered',
} as const satisfies Record<EventType, string>;

/**
 * What SES would tell of a mail on the bus that its configuration set names: mail to `…@bounce.example` comes back for
 * good, to `…@complaint.example` arrives and is complained of, all other mail arrives.
 * @throws LocalRunError when an event destination is none that the local run can reach
 */
export function mailEvents(
  assembly: Assembly,
  resolver: Resolver,
  nowIso: () => string,
): (mail: TakenMail) => Entry[] {
  const destinations = resourcesOf(assembly, 'AWS::SES::ConfigurationSetEventDestination').map((resource) =>
    DestinationProperties.parse(resolver.properties(resource)),
  );
  return (mail) =>
    destinations.flatMap(({ ConfigurationSetName, EventDestination }) => {
      const { Enabled, MatchingEventTypes, EventBridgeDestination } = EventDestination;
      if (!Enabled || !EventBridgeDestination || nameIn(ConfigurationSetName) !== mail.configurationSet)
        return [];
      const wanted = MatchingEventTypes.map((type) => type.toUpperCase());
      return mail.recipients
        .flatMap((recipient) => whatBecomesOf(recipient).map((type) => ({ type, recipient })))
        .filter(({ type }) => wanted.includes(type))
        .map(({ type, recipient }) => ({
          EventBusName: nameIn(EventBridgeDestination.EventBusArn),
          Source: 'aws.ses',
          DetailType: detailTypes[type],
          Detail: JSON.stringify(detailOf(type, mail, recipient, nowIso())),
        }));
    });
}

function whatBecomesOf(recipient: string): EventType[] {
  const domain = recipient.slice(recipient.lastIndexOf('@') + 1).toLowerCase();
  if (domain === 'bounce.example') return ['BOUNCE'];
  if (domain === 'complaint.example') return ['DELIVERY', 'COMPLAINT'];
  return ['DELIVERY'];
}

function detailOf(type: EventType, mail: TakenMail, recipient: string, timestamp: string) {
  const feedbackId = randomBytes(16).toString('hex');
  const about = {
    mail: {
      timestamp,
      source: mail.source,
      messageId: mail.id,
      destination: mail.recipients,
      tags: {
        'ses:configuration-set': [mail.configurationSet],
        ...Object.fromEntries(Object.entries(mail.tags).map(([name, value]) => [name, [value]])),
      },
    },
  };
  switch (type) {
    case 'BOUNCE':
      return {
        eventType: 'Bounce',
        ...about,
        bounce: {
          feedbackId,
          timestamp,
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: [
            {
              emailAddress: recipient,
              action: 'failed',
              status: '5.1.1',
              diagnosticCode: 'smtp; 550 5.1.1 user unknown',
            },
          ],
        },
      };
    case 'COMPLAINT':
      return {
        eventType: 'Complaint',
        ...about,
        complaint: {
          feedbackId,
          timestamp,
          complaintFeedbackType: 'abuse',
          complainedRecipients: [{ emailAddress: recipient }],
        },
      };
    case 'DELIVERY':
      return {
        eventType: 'Delivery',
        ...about,
        delivery: { timestamp, recipients: [recipient], smtpResponse: '250 ok', processingTimeMillis: 100 },
      };
    default:
      return type satisfies never;
  }
}
