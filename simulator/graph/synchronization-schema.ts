import { z } from 'zod';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { defaultSchema, readSchema, SchemaRefusal } from '../provisioning/synchronization-schema.ts';
import type { GraphCall } from './caller.ts';
import { GraphError, requestIds } from './graph-error.ts';
import { readGraphBody } from './read-graph-body.ts';
import { forSynchronization, jobOf } from './synchronization-jobs.ts';

const path = '/servicePrincipals/:principal/synchronization/jobs/:job/schema';
const shape = z.record(z.string(), z.unknown());

/** The attribute mapping of a job, read and written whole; deleted it is the default one again (synchronizationSchema). */
export function synchronizationSchemaRoutes(): Routes<GraphCall> {
  return {
    [`GET ${path}`]: (call, key, id) => {
      const job = jobOf(call, forSynchronization(call, key), id);
      const context = `${call.exchange.origin}/v1.0/$metadata#servicePrincipals/synchronization/jobs/schema/$entity`;
      const schema = job.schema ?? defaultSchema(job.id, job.settings);
      return json(200, { '@odata.context': context, ...schema }, requestIds(call.exchange));
    },
    [`PUT ${path}`]: (call, key, id) => {
      const job = jobOf(call, forSynchronization(call, key), id);
      const schema = readGraphBody(call.exchange, shape);
      try {
        const { mapping, user } = readSchema(schema);
        job.settings = { ...job.settings, mapping, matching: { ...job.settings.matching, user } };
      } catch (error) {
        if (error instanceof SchemaRefusal) throw new GraphError(400, 'SchemaInvalid', error.message);
        throw error;
      }
      job.schema = schema;
      // Another mapping is a reason to look at every object again.
      job.watermark = undefined;
      return { status: 204, headers: requestIds(call.exchange) };
    },
    [`DELETE ${path}`]: (call, key, id) => {
      const job = jobOf(call, forSynchronization(call, key), id);
      job.schema = null;
      const matching = { user: 'userName', group: 'displayName' } as const;
      job.settings = { ...job.settings, mapping: { externalId: 'mailNickname' }, matching };
      job.watermark = undefined;
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
}
