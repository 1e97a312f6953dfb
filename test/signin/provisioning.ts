import assert from 'node:assert/strict';
import { issueCredential } from '#connections';
import { byItself } from '#events';
import type { Stage } from './stage.ts';

/** Calls the directory of a stage as Entra's provisioning does, over HTTP; the stage's connection has to provision. */
export interface Provisioning {
  send(method: string, path: string, body?: unknown): Promise<{ status: number; id: string }>;
  /** Creates a user for a person; gives its id. */
  create(person: { id: string; userPrincipalName: string }): Promise<string>;
  /** Creates a group; gives its id. */
  createGroup(displayName: string, members?: readonly string[]): Promise<string>;
  /** Adds or removes a member of a group. */
  member(op: 'Add' | 'Remove', group: string, user: string): Promise<void>;
  /** Switches a user off or on. */
  switchTo(user: string, active: boolean): Promise<void>;
}

const core = 'urn:ietf:params:scim:schemas:core:2.0';
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Issues a Secret Token, and calls with it. */
export async function openProvisioning({ world, url, organizationId, connection }: Stage): Promise<Provisioning> {
  const { value } = await issueCredential(world, byItself, 'token', organizationId, connection, {
    name: 'Secret Token',
  });
  const send: Provisioning['send'] = async (method, path, body) => {
    const response = await fetch(`${url}/scim/v2/${connection}${path}`, {
      method,
      headers: { authorization: `Bearer ${value}`, 'content-type': 'application/scim+json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return { status: response.status, id: text === '' ? '' : String(JSON.parse(text).id) };
  };
  const patch = (path: string, operation: unknown) =>
    send('PATCH', path, { schemas: [patchOp], Operations: [operation] });
  return {
    send,
    create: async ({ id, userPrincipalName }) =>
      (await send('POST', '/Users', { schemas: [`${core}:User`], userName: userPrincipalName, externalId: id })).id,
    createGroup: async (displayName, members = []) =>
      (
        await send('POST', '/Groups', {
          schemas: [`${core}:Group`],
          displayName,
          members: members.map((member) => ({ value: member })),
        })
      ).id,
    member: async (op, group, user) => {
      await patch(`/Groups/${group}`, { op, path: 'members', value: [{ value: user }] });
    },
    switchTo: async (user, active) => {
      await patch(`/Users/${user}`, { op: 'Replace', path: 'active', value: active ? 'True' : 'False' });
    },
  };
}
