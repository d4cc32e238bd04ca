import { z } from 'zod';
import { type Assembly, resourcesOf } from '../template/assembly.ts';
import type { Resolver } from '../template/intrinsics.ts';
import { readDefinition, type TaskDeclaration } from './definition.ts';
import { checkTask } from './tasks.ts';

const MachineProperties = z.object({
  DefinitionString: z.string(),
  StateMachineType: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
});

/** A state machine as the template declares it. */
export type DeployedMachine = {
  name: string;
  arn: string;
  type: 'STANDARD' | 'EXPRESS';
  tasks: TaskDeclaration[];
  machine: ReturnType<typeof readDefinition>['machine'];
};

/** @throws LocalRunError when a machine does something the local run doesn't emulate */
export function readMachines(assembly: Assembly, resolver: Resolver): DeployedMachine[] {
  return resourcesOf(assembly, 'AWS::StepFunctions::StateMachine').map((resource) => {
    const { name, ref } = resolver.identity(resource);
    const properties = MachineProperties.parse(resolver.properties(resource));
    const { tasks, machine } = readDefinition(properties.DefinitionString);
    for (const task of tasks) checkTask(task, name);
    return { name, arn: ref, type: properties.StateMachineType, tasks, machine };
  });
}
