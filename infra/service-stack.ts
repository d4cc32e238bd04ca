import { Annotations, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { FactType } from '#shared/fact/fact.ts';
import { mailedFacts } from '#shared/mail/mailed-facts.ts';
import type { Deployment } from './context.ts';
import type { DataStack } from './data-stack.ts';
import type { Watched } from './parts/alarms.ts';
import { DailySchedule } from './parts/daily-schedule.ts';
import { DeadLetterQueue } from './parts/dead-letter-queue.ts';
import { FactRule, type FactRuleProps } from './parts/fact-rule.ts';
import { FunctionFactory } from './parts/function-factory.ts';
import { OrderApi } from './parts/http-api.ts';
import { MailFeedback } from './parts/mail-feedback.ts';
import type { ServiceFunction } from './parts/service-function.ts';
import { relayStream, streamStatements } from './parts/stream-relay.ts';
import { undeliveredMetric } from './parts/undelivered-metric.ts';
import { Workflow } from './parts/workflow.ts';
import { acceptOrder } from './workflows/accept-order.ts';
import { collectAccount } from './workflows/collect-account.ts';
import { invoiceShipment } from './workflows/invoice-shipment.ts';
import { stateAccount } from './workflows/state-account.ts';

/**
 * Everything that runs, wired on one page: API → functions → table → stream → bus → workflows and mail, and the
 * schedules that wake the daily work.
 */
export class ServiceStack extends Stack {
  /** What MonitoringStack watches. */
  readonly watched: Watched;

  constructor(scope: Construct, id: string, props: StackProps & { deployment: Deployment; data: DataStack }) {
    super(scope, id, props);
    const { deployment, data } = props;
    const { table, bus } = data;
    const prefix = `o2c-${deployment.stage}`;
    if (deployment.stage !== 'dev' && deployment.paymentProvider === 'sandbox') {
      Annotations.of(this).addWarningV2(
        'order-to-cash:sandbox-payments',
        `Stage ${deployment.stage} takes card payments from the sandbox provider: whoever holds a "Pay now" link can settle its invoice without money.`,
      );
    }
    const logRetention = deployment.stage === 'dev' ? RetentionDays.ONE_MONTH : RetentionDays.SIX_MONTHS;
    const queue = (name: string, holds: string) =>
      new DeadLetterQueue(this, name, { queueName: `${prefix}-${name}`, holds });

    const api = new OrderApi(this, 'Api', {
      apiName: prefix,
      userPool: data.userPool,
      userPoolClient: data.userPoolClient,
      logRetention,
      paymentProvider: deployment.paymentProvider,
    });
    const functions = new FunctionFactory(this, {
      prefix,
      deployment,
      data,
      publicUrl: api.url,
      logRetention,
    });
    api.addRoutes((route) => functions.get(route.function).lambda);

    const relayQueue = queue('relay-facts-dlq', 'positions of facts in the stream that could not be relayed');
    const relay = functions.get('relay-facts', { permissions: streamStatements(table, relayQueue) });
    relayStream(this, table, relay, relayQueue);

    const failures = queue('workflow-failures', 'inputs and errors of workflows that failed');
    const acceptance = new Workflow(this, 'accept-order', {
      machineName: `${prefix}-accept-order`,
      type: 'express',
      define: acceptOrder,
      functions: {
        verifyOrder: functions.get('verify-order'),
        reserveStock: functions.get('reserve-stock'),
        assessCredit: functions.get('assess-credit'),
        holdOrder: functions.get('hold-order'),
        rejectOrder: functions.get('reject-order'),
      },
      failures,
      logRetention,
    });
    const invoicing = new Workflow(this, 'invoice-shipment', {
      machineName: `${prefix}-invoice-shipment`,
      type: 'express',
      define: invoiceShipment,
      functions: { issueInvoice: functions.get('issue-invoice') },
      failures,
      logRetention,
    });
    const collection = new Workflow(this, 'collect-account', {
      machineName: `${prefix}-collect-account`,
      type: 'standard',
      timeout: Duration.minutes(30),
      define: collectAccount,
      functions: {
        assessAccount: functions.get('assess-account'),
        remindAccount: functions.get('remind-account'),
      },
      failures,
      logRetention,
    });

    const stating = new Workflow(this, 'state-account', {
      machineName: `${prefix}-state-account`,
      type: 'standard',
      // Waiting for its turn takes an hour for 18,000 customers.
      timeout: Duration.hours(12),
      define: stateAccount,
      functions: { sendStatement: functions.get('send-statement') },
      failures,
      logRetention,
    });

    const acceptanceQueue = queue('accept-order-dlq', 'placed orders whose acceptance could not be started');
    const invoicingQueue = queue('invoice-shipment-dlq', 'shipments whose invoicing could not be started');
    const mailQueue = queue('send-mail-dlq', 'facts of which no mail could be sent');
    const deliveryQueue = queue(
      'deliver-document-dlq',
      'invoices and credit notes of which it is not known whether they were sent',
    );
    const feedbackQueue = queue(
      'mail-feedback-dlq',
      'bounces and other feedback on mails that could not be noted',
    );
    const refundQueue = queue('send-refund-dlq', 'refunds that could not be sent to the payment provider');
    const importQueue = queue(
      'import-statement-dlq',
      'bank statements and direct debit runs whose work could not be finished',
    );
    const stockQueue = queue(
      'move-stock-dlq',
      'facts whose stock could not be moved, given to who waits for it, or watched',
    );
    const orderImportQueue = queue('import-orders-dlq', 'files of orders of which not all could be placed');
    const importOrders = functions.get('import-orders', { deadLetters: orderImportQueue });
    const importStatement = functions.get('import-statement', { deadLetters: importQueue });
    const sendRefund = functions.get('send-refund', { deadLetters: refundQueue });
    const mail = functions.get('send-mail', { deadLetters: mailQueue });
    const moveStock = functions.get('move-stock', { deadLetters: stockQueue });
    const deliverDocument = functions.get('deliver-document', { deadLetters: deliveryQueue });
    const mailFeedback = functions.get('mail-feedback', { deadLetters: feedbackQueue });
    const rule = (
      facts: readonly FactType[],
      target: Workflow | ServiceFunction,
      deadLetters: DeadLetterQueue,
      where?: FactRuleProps['where'],
    ) =>
      new FactRule(this, `${target.node.id}-rule`, {
        ruleName: target.fullName,
        bus,
        facts,
        ...(where && { where }),
        target,
        deadLetters,
      });
    const rules = [
      rule(
        ['order.placed', 'order.released', 'order.amended', 'order.lines_cancelled'],
        acceptance,
        acceptanceQueue,
      ),
      rule(
        ['shipment.dispatched', 'order.lines_cancelled', 'order.amended'],
        invoicing,
        invoicingQueue,
        // An amendment may leave nothing to ship of an order that is billed whole.
        [{ type: ['shipment.dispatched', 'order.lines_cancelled'] }, { data: { status: ['shipped'] } }],
      ),
      rule(mailedFacts, mail, mailQueue),
      rule(
        ['invoice.issued', 'credit_note.issued', 'invoice.delivery_requested'],
        deliverDocument,
        deliveryQueue,
      ),
      rule(
        [
          'bank_statement.received',
          'bank_statement.continued',
          'statement_upload.started',
          'direct_debit.created',
          'direct_debit.cancelling',
          'direct_debit.settling',
          'direct_debit.continued',
        ],
        importStatement,
        importQueue,
      ),
      rule(['order_import.received'], importOrders, orderImportQueue),
      rule(['payment.refunded', 'payment.paid_out'], sendRefund, refundQueue),
      new MailFeedback(this, 'mail-feedback-rule', {
        configurationSetName: prefix,
        ruleName: mailFeedback.fullName,
        target: mailFeedback,
        deadLetters: feedbackQueue,
      }),
      rule(
        [
          'order.placed',
          'order.cancelled',
          'order.rejected',
          'order.amended',
          'order.lines_cancelled',
          'order.reservation_expired',
          'shipment.dispatched',
          'product.saved',
          'stock.moved',
          'credit_note.issued',
        ],
        moveStock,
        stockQueue,
        [
          { data: { stock: ['pending'] } },
          { data: { reorder: ['watched'] } },
          { data: { scope: ['return'] } },
          {
            type: [
              'stock.moved',
              'order.cancelled',
              'order.amended',
              'order.lines_cancelled',
              'order.reservation_expired',
            ],
          },
        ],
      ),
    ];

    const reportQueue = queue('report-dlq', 'mornings on which the report failed');
    const collectQueue = queue('collect-dlq', 'mornings on which collection failed');
    const statementsQueue = queue('statements-dlq', 'months whose statements could not all be started');
    const billQueue = queue('bill-dlq', 'mornings on which collective invoicing failed');
    const settleQueue = queue(
      'settle-payments-dlq',
      'mornings on which the payment provider could not be asked about payments',
    );
    const casesQueue = queue('escalate-cases-dlq', 'hours in which overdue cases could not be escalated');
    const escalateCases = functions.get('escalate-cases', { deadLetters: casesQueue });
    const settlePayments = functions.get('settle-payments', { deadLetters: settleQueue });
    const bill = functions.get('bill', { deadLetters: billQueue });
    const report = functions.get('report', { deadLetters: reportQueue });
    const collect = functions.get('collect', {
      deadLetters: collectQueue,
      permissions: [
        new PolicyStatement({
          sid: 'StartCollection',
          actions: ['states:StartExecution'],
          resources: [collection.machine.stateMachineArn],
        }),
      ],
      environment: { COLLECT_MACHINE_ARN: collection.machine.stateMachineArn },
    });
    const statements = functions.get('statements', {
      deadLetters: statementsQueue,
      permissions: [
        new PolicyStatement({
          sid: 'StartStatements',
          actions: ['states:StartExecution'],
          resources: [stating.machine.stateMachineArn],
        }),
      ],
      environment: { STATEMENT_MACHINE_ARN: stating.machine.stateMachineArn },
    });
    const schedules = new ScheduleGroup(this, 'Schedules', { scheduleGroupName: prefix });
    const daily = { group: schedules, timeZone: deployment.company.timeZone };
    new DailySchedule(this, 'bill-daily', {
      ...daily,
      at: { hour: '5', minute: '30' },
      target: bill,
      deadLetters: billQueue,
    });
    new DailySchedule(this, 'move-stock-daily', {
      ...daily,
      at: { hour: '4', minute: '30' },
      target: moveStock,
      deadLetters: stockQueue,
    });
    new DailySchedule(this, 'settle-payments-daily', {
      ...daily,
      at: { hour: '5', minute: '0' },
      target: settlePayments,
      deadLetters: settleQueue,
    });
    new DailySchedule(this, 'report-daily', {
      ...daily,
      at: { hour: '6', minute: '30' },
      target: report,
      deadLetters: reportQueue,
    });
    new DailySchedule(this, 'collect-daily', {
      ...daily,
      at: { hour: '8', minute: '0' },
      target: collect,
      deadLetters: collectQueue,
    });

    new DailySchedule(this, 'escalate-cases-hourly', {
      ...daily,
      at: { hour: '*', minute: '10' },
      target: escalateCases,
      deadLetters: casesQueue,
    });
    new DailySchedule(this, 'statements-monthly', {
      ...daily,
      at: { day: '1', hour: '7', minute: '0' },
      target: statements,
      deadLetters: statementsQueue,
    });

    this.watched = {
      stage: api.stage,
      functions: functions.all(),
      relay,
      workflows: [acceptance, invoicing, collection, stating],
      queues: this.node.findAll().filter((construct) => construct instanceof DeadLetterQueue),
      table,
      rules,
      undelivered: undeliveredMetric(this, prefix, [deliverDocument, mailFeedback]),
      schedules: prefix,
      daily: [bill, collect, report],
    };
    new CfnOutput(this, 'ApiUrl', { value: api.url });
  }
}
