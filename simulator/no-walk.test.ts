import assert from 'node:assert/strict';
import test from 'node:test';
import { createDoors } from './doors.ts';
import type { Answer } from './http/exchange.ts';
import { hiddenFields } from './test-browser.ts';
import { readObject } from './test-tenant.ts';
import { createWorld } from './world.ts';

const origin = 'http://localhost:4200';

/** The account picker suggests the first two hundred people. */
const few = 200;

/** A world that counts how many people and groups are gone through one after the other. */
async function startCountingWorld() {
  const plan = { users: 400, groups: 600, now: Date.now, seed: 1, ending: new AbortController().signal };
  const world = await createWorld(plan);
  const doors = createDoors(world);
  const [tenant] = world.tenants.values();
  assert.ok(tenant);
  let seen = 0;
  for (const map of [tenant.users, tenant.groups]) {
    for (const walk of ['values', 'keys', 'entries', Symbol.iterator] as const) {
      const own: () => Iterator<unknown> = map[walk].bind(map);
      Object.defineProperty(map, walk, {
        value: function* () {
          for (const steps = own(); ; seen += 1) {
            const { done, value } = steps.next();
            if (done === true) return;
            yield value;
          }
        },
      });
    }
  }
  const ask = async (
    method: string,
    path: string,
    body: URLSearchParams | string = '',
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const url = new URL(path, origin);
    const form = body instanceof URLSearchParams ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    return doors({
      method,
      url,
      origin,
      segments: url.pathname.split('/').slice(1).map(decodeURIComponent),
      headers: { host: url.host, ...form, ...headers },
      body: Buffer.from(String(body)),
      address: '127.0.0.1',
      onDone: () => {},
    });
  };
  const users = [...tenant.users.values()];
  const user = users.findLast(({ userType, accountEnabled }) => userType === 'Member' && accountEnabled);
  assert.ok(user);
  const walked = (): number => {
    const steps = seen;
    seen = 0;
    return steps;
  };
  return { tenant, user, ask, walked };
}

test('what names one person goes through neither all people nor all groups', async (t) => {
  const { tenant, user, ask, walked } = await startCountingWorld();
  const bodyOf = ({ body }: Answer) => readObject(String(body ?? ''));
  const made = bodyOf(
    await ask(
      'POST',
      `/_control/tenants/${tenant.id}/applications`,
      JSON.stringify({
        displayName: 'A',
        redirectUris: { web: ['http://localhost/cb'] },
        permissions: ['User.Read.All', 'GroupMember.Read.All', 'Mail.Send'],
        groupMembershipClaims: 'SecurityGroup',
        assignmentRequired: true,
        secret: {},
      }),
    ),
  );
  const appId = String(made['appId']);
  const client = { client_id: appId, client_secret: String(readObject(JSON.stringify(made['secret']))['secretText']) };
  await ask(
    'POST',
    `/_control/tenants/${tenant.id}/applications/${appId}/assignments`,
    JSON.stringify({ users: [user.id] }),
  );
  let code = '';
  let bearer: Record<string, string> = {};
  const steps: readonly (readonly [name: string, step: () => Promise<Answer>, status: number])[] = [
    [
      'signing in',
      async () => {
        const query = new URLSearchParams({
          client_id: appId,
          redirect_uri: 'http://localhost/cb',
          response_type: 'code',
          scope: 'openid profile email',
          login_hint: user.userPrincipalName,
        });
        const path = `/${tenant.id}/oauth2/v2.0/authorize`;
        const form = hiddenFields(String((await ask('GET', `${path}?${query}`)).body));
        form.set('login', user.userPrincipalName);
        const answer = await ask('POST', path, form);
        code = new URL(String(answer.headers?.['location'])).searchParams.get('code') ?? '';
        return answer;
      },
      302,
    ],
    [
      'the code with groups and roles',
      () =>
        ask(
          'POST',
          `/${tenant.id}/oauth2/v2.0/token`,
          new URLSearchParams({
            grant_type: 'authorization_code',
            code,
            redirect_uri: 'http://localhost/cb',
            ...client,
          }),
        ),
      200,
    ],
    [
      'an app for itself',
      async () => {
        const scope = 'https://graph.microsoft.com/.default';
        const answer = await ask(
          'POST',
          `/${tenant.id}/oauth2/v2.0/token`,
          new URLSearchParams({ grant_type: 'client_credentials', scope, ...client }),
        );
        bearer = { authorization: `Bearer ${bodyOf(answer)['access_token']}` };
        return answer;
      },
      200,
    ],
    ...[
      `/users/${user.id}`,
      `/users/${user.userPrincipalName}`,
      `/users/${user.id}/manager`,
      `/users/${user.id}/memberOf`,
      `/users/${user.id}/transitiveMemberOf`,
      `/users?$filter=id eq '${user.id}'`,
      `/users?$filter=userPrincipalName eq '${user.userPrincipalName}'`,
      `/users?$filter=mail eq '${user.mail}' and accountEnabled eq true`,
    ].map((path) => [path, () => ask('GET', `/v1.0${path}`, '', bearer), 200] as const),
    [
      'getMemberObjects',
      () =>
        ask('POST', `/v1.0/users/${user.id}/getMemberObjects`, '{"securityEnabledOnly":true}', {
          ...bearer,
          'content-type': 'application/json',
        }),
      200,
    ],
    [
      'a mail',
      () => {
        const toRecipients = [{ emailAddress: { address: user.mail } }];
        return ask('POST', `/v1.0/users/${user.id}/sendMail`, JSON.stringify({ message: { toRecipients } }), {
          ...bearer,
          'content-type': 'application/json',
        });
      },
      202,
    ],
    [
      'a change of the user',
      () => ask('PATCH', `/_control/tenants/${tenant.id}/users/${user.id}`, '{"jobTitle":"Boss"}'),
      200,
    ],
  ];
  walked();
  for (const [name, step, status] of steps) {
    await t.test(name, async () => {
      const answer = await step();
      assert.equal(answer.status, status, String(answer.body));
      const steps = walked();
      assert.ok(steps <= few, `${steps} steps`);
    });
  }
});
