import assert from 'node:assert/strict';
import { openBrowser } from '../../demo/browser.ts';
import { newNotes, steps } from '../../demo/journey.ts';
import { type Stage, setStage } from '../../demo/stage.ts';

/** Up to where the customer's journey is gone: far enough for something to be on every page. */
const lastStep = 'announce';

/** What the console's pages are about, by the ids in their addresses. */
export interface Sights {
  organization: string;
  user: string;
  group: string;
  request: string;
  message: string;
  account: string;
  webhook: string;
  signInTest: string;
}

/** A stage on which the demo's journey was gone, with what is to be seen there. */
export interface FilledStage {
  stage: Stage;
  sights: Sights;
}

/** Goes the demo's journey, adds a second customer at its beginning, and looks up what the pages need. */
export async function fillStage(): Promise<FilledStage> {
  const stage = await setStage({ ports: { portico: 0, tenant: 0, product: 0 }, signIns: 20 });
  try {
    const notes = newNotes();
    const end = steps.findIndex(({ name }) => name === lastStep);
    for (const { run } of steps.slice(0, end + 1)) await run(stage, notes);
    await addSecondCustomer(stage);
    await deleteWhoLeft(stage, notes.anna.displayName);
    const sights = await findSights(stage, await testSignIn(stage, notes.ben.userPrincipalName));
    await holdSomebody(stage, sights);
    return { stage, sights };
  } catch (error) {
    await stage.close();
    throw error;
  }
}

async function addSecondCustomer({ operator }: Stage): Promise<void> {
  const { id } = await operator('organizations.create', { body: { name: 'Fabrikam Robotics' } });
  await operator('connections.create', {
    organization: id,
    body: {
      id: 'fabrikam',
      name: 'Fabrikam',
      startFrom: 'fabrikam.example',
      clientId: '8f2c1d34-0d5e-4b7a-9a61-5c0f5be0a7d2',
      provisioning: true,
    },
  });
  const { id: secret } = await operator('secrets.set', {
    connection: 'fabrikam',
    body: { value: 'Xy~8Q.not-a-secret-of-the-tenant-0123456', name: 'first' },
  });
  await assert.rejects(operator('secrets.rotate', { connection: 'fabrikam', secret }));
  await operator('tokens.create', { directory: 'fabrikam', body: {} });
  await operator('connections.test', { connection: 'fabrikam' });
  await operator('connections.update', {
    connection: 'contoso',
    body: { domains: ['contoso.example'], mailIn: false },
  });
}

/** Deletes the account of a person who has no access any more. */
async function deleteWhoLeft({ operator }: Stage, name: string): Promise<void> {
  const { organization } = await operator('connections.get', { connection: 'contoso' });
  const { items } = await operator('accounts.list', { organization, query: { search: name } });
  for (const { id } of items) await operator('accounts.delete', { organization, account: id });
}

/** Switches users off, as Entra would, until the brake holds somebody. */
async function holdSomebody({ operator, porticoUrl }: Stage, { user }: Sights): Promise<void> {
  const directory = { directory: 'contoso' };
  await operator('directories.update', { ...directory, body: { brake: { percent: 1, minutes: 60 } } });
  const { value } = await operator('tokens.create', { ...directory, body: {} });
  const { items } = await operator('users.list', { ...directory, query: { active: 'true', limit: 13 } });
  const statuses: number[] = [];
  for (const { id } of items.filter((each) => each.id !== user).slice(-12)) {
    const { status } = await fetch(`${porticoUrl}/scim/v2/contoso/Users/${id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${value}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
      }),
    });
    statuses.push(status);
  }
  assert.ok(statuses.includes(429), 'the brake held nobody');
}

/** Goes through a test sign-in as a person of the tenant. */
async function testSignIn({ operator }: Stage, login: string): Promise<string> {
  const { id, url } = await operator('connections.testSignIn', { connection: 'contoso' });
  const browser = openBrowser();
  await browser.submit(await browser.open(url), { login });
  return id;
}

async function findSights({ operator }: Stage, signInTest: string): Promise<Sights> {
  const first = <Item>(items: Item[], what: string): Item => {
    const [item] = items;
    if (item === undefined) throw new Error(`the journey left no ${what}`);
    return item;
  };
  const { organization } = await operator('connections.get', { connection: 'contoso' });
  const directory = { directory: 'contoso' };
  const group = first((await operator('groups.list', directory)).items, 'group');
  const member = first((await operator('groups.members', { ...directory, group: group.id })).items, 'member');
  const changed = await operator('requests.list', { ...directory, query: { outcome: 'changed', limit: 200 } });
  const sent = await operator('messages.list', { connection: 'contoso', query: { direction: 'out' } });
  const accounts = await operator('accounts.list', { organization });
  const signedIn = [];
  for (const { id } of accounts.items) {
    const sessions = await operator('sessions.list', { organization, account: id });
    if (sessions.items.length > 0) signedIn.push(id);
  }
  return {
    organization,
    user: member.id,
    group: group.id,
    request: first(
      changed.items.filter(({ method }) => method === 'PATCH'),
      'changing request',
    ).id,
    message: first(sent.items, 'message').id,
    signInTest,
    account: first(signedIn, 'account with a session'),
    webhook: first((await operator('webhooks.list', { organization })).items, 'webhook').id,
  };
}
