import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mailEvents } from '../../../infra/local/aws/mail-events.ts';
import { readAssembly } from '../../../infra/local/template/assembly.ts';
import { Resolver } from '../../../infra/local/template/intrinsics.ts';

const place = { region: 'eu-west-1', account: '111122223333', apiUrl: 'http://localhost:4400' };
const now = '2026-03-02T09:00:00.000Z';

function eventsOf(matching: string[], recipients: string[], configurationSet = 'o2c-dev') {
  const dir = mkdtempSync(join(tmpdir(), 'o2c-mail-events-'));
  const Resources = {
    Set: { Type: 'AWS::SES::ConfigurationSet', Properties: { Name: 'o2c-dev' } },
    Events: {
      Type: 'AWS::SES::ConfigurationSetEventDestination',
      Properties: {
        ConfigurationSetName: { Ref: 'Set' },
        EventDestination: {
          MatchingEventTypes: matching,
          EventBridgeDestination: {
            EventBusArn: {
              'Fn::Sub': 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default',
            },
          },
        },
      },
    },
  };
  writeFileSync(join(dir, 'service.template.json'), JSON.stringify({ Resources }));
  const assembly = readAssembly(dir);
  const tell = mailEvents(assembly, new Resolver(assembly, place), () => now);
  const mail = { id: 'ses-1', source: 'accounts@example.com', tags: { document: 'inv_1' } };
  return tell({ ...mail, recipients, configurationSet });
}

const all = ['bounce', 'complaint', 'delivery', 'reject'];
const typesFor = (recipient: string) => eventsOf(all, [recipient]).map(({ DetailType }) => DetailType);

describe('the local mail service', () => {
  it('tells on the bus of the template that a mail arrived, with its tags', () => {
    const [event, ...others] = eventsOf(all, ['orders@harbour.example']);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      EventBusName: 'default',
      Source: 'aws.ses',
      DetailType: 'Email Delivered',
    });
    expect(z.json().parse(JSON.parse(event?.Detail ?? ''))).toMatchObject({
      mail: {
        messageId: 'ses-1',
        destination: ['orders@harbour.example'],
        tags: { 'ses:configuration-set': ['o2c-dev'], document: ['inv_1'] },
      },
    });
  });

  it('lets mail to bounce.example come back, and to complaint.example be complained of', () => {
    expect(typesFor('nobody@bounce.example')).toEqual(['Email Bounced']);
    expect(typesFor('angry@Complaint.Example')).toEqual(['Email Delivered', 'Email Complaint Received']);
    expect(typesFor('someone@notbounce.example')).toEqual(['Email Delivered']);
  });

  it('tells only what the event destination asks for, of mail of its configuration set', () => {
    expect(eventsOf(['bounce'], ['orders@harbour.example'])).toEqual([]);
    expect(eventsOf(all, ['nobody@bounce.example'], 'another')).toEqual([]);
  });
});
