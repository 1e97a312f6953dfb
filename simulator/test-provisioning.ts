import assert from 'node:assert/strict';
import type { User } from './directory/tenant.ts';
import type { ScimRecorder } from './test-scim-recorder.ts';
import type { TestEntra } from './test-tenant.ts';

/** A provisioning job of a test. */
export type TestJob = {
  readonly job: (action: string, body?: unknown) => Promise<Record<string, unknown>>;
  readonly cycle: () => Promise<Record<string, unknown>>;
  readonly view: () => Promise<Record<string, unknown>>;
};

/** Makes a job of Contoso that provisions into a recorder. */
export async function connectJob(
  entra: TestEntra,
  recorder: ScimRecorder,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<TestJob> {
  const path = `/tenants/${entra.contoso.id}/provisioning`;
  const { id } = await entra.control('POST', path, { baseAddress: recorder.url, secretToken: 't0k', ...settings });
  const job: TestJob['job'] = (action, body) => entra.control('POST', `${path}/${id}/${action}`, body);
  return { job, cycle: () => job('cycle'), view: () => entra.control('GET', `${path}/${id}`) };
}

/** A person of Contoso by position. */
export function personAt(entra: TestEntra, position: number): Readonly<User> {
  const user = entra.contoso.users[position];
  assert.ok(user);
  return user;
}

/** The operations of the first PATCH that was recorded. */
export function firstPatch(recorder: ScimRecorder): unknown {
  return recorder.requests.find(({ method }) => method === 'PATCH')?.body['Operations'];
}
