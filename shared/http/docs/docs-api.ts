import * as z from 'zod';
import { contract } from '../contract.ts';

export const getOpenApi = contract({
  operationId: 'getOpenApi',
  description: 'What you read here, for generators and tools.',
  status: 200,
  response: z.looseObject({ openapi: z.literal('3.1.0') }),
});

export const getDocs = contract({
  operationId: 'getDocs',
  description: 'This page.',
  status: 200,
  produces: 'html',
});
