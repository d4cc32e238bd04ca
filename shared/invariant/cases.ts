import { caseTransitions } from '../case/case.ts';
import { factsOf, type Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * G. Every case lies in the queue until it is resolved, has all its messages, and its facts tell of each of its versions;
 * it was escalated once for each step.
 */
export function* casesAreFollowed(picture: Picture): Generator<Violation> {
  for (const [subject, version] of picture.satisfactionAnswers)
    yield* unlessEqual('G', `facts of ${subject}`, factsOf(picture, subject).length, version);
  for (const [caseId, found] of picture.cases) {
    const open = found.status !== 'resolved';
    yield* unlessEqual(
      'G',
      `entries of ${caseId} in the queue`,
      Number(picture.queuedCases.has(caseId)),
      Number(open),
    );
    yield* unlessEqual('G', `messages of ${caseId}`, picture.caseMessages.get(caseId), found.messages);
    const facts = factsOf(picture, caseId);
    yield* unlessEqual('G', `facts of ${caseId}`, facts.length, found.version);
    const steps = facts.flatMap((fact) => (fact.type === 'case.escalated' ? [fact.data.step] : []));
    if (new Set(steps).size < steps.length && !facts.some(({ type }) => type === 'case.reopened'))
      yield { invariant: 'G', detail: `${caseId} was escalated twice by one step` };
    if (!(found.status in caseTransitions)) yield { invariant: 'G', detail: `${caseId} is ${found.status}` };
  }
}
