import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import type { Event } from '#contract';
import { type Page, visible } from './browser.ts';
import { type PersonAtBrowser, signIn } from './person.ts';
import type { Stage } from './stage.ts';
import type { Person } from './tenant.ts';
import { loginByBrowser, loginByDevice, runCommand } from './terminal.ts';
import { useSinglePage } from './use-single-page.ts';

/** What one step leaves for the next: what people would have written on a note. */
interface Notes {
  organization: string;
  appId: string;
  oldSecret: string;
  job: string;
  people: Person[];
  anna: Person;
  ben: Person;
  annaAtProduct: PersonAtBrowser;
  benAtProduct: PersonAtBrowser;
}

/** A step of the journey. */
export interface Step {
  name: string;
  /** What holds at its end, said once it was seen. */
  title: string;
  /** Does it, and looks from outside whether it worked: in the product, in the tenant, or after a restart. */
  run(stage: Stage, notes: Notes): Promise<string>;
  /** Spoils the step, so that one can see it fail: `--break <name>`. */
  spoil(stage: Stage, notes: Notes): Promise<void>;
}

const day = 86_400_000;
const senderOf = (stage: Stage) => `support@${stage.admin.domain}`;

/** The whole journey of a customer, in order. */
export const steps: readonly Step[] = [
  {
    name: 'connect',
    title: 'the tenant is connected, tested and active',
    spoil: async (stage) => {
      const { registerApp } = stage.admin;
      stage.admin.registerApp = async (app) => {
        const made = await registerApp(app);
        return { ...made, secret: { ...made.secret, secretText: `${made.secret.secretText.slice(0, -4)}AAAA` } };
      };
    },
    run: async (stage, notes) => {
      const { operator, admin } = stage;
      const organization = await operator('organizations.create', { body: { name: 'Contoso' } });
      const webhook = await operator('webhooks.create', {
        organization: organization.id,
        body: { url: `${stage.product.url}/webhook` },
      });
      stage.told.webhook = webhook.secret;
      const connection = await operator('connections.create', {
        organization: organization.id,
        body: {
          id: 'contoso',
          name: 'Contoso',
          startFrom: ` ${admin.domain}\u200b`,
          domains: [admin.domain],
          provisioning: true,
          mailOut: true,
          mailIn: true,
          registration: 'provisioned',
        },
      });
      const uris = (platform: string) =>
        connection.redirectUris.filter((it) => it.platform === platform).map((it) => it.uri);
      // Nobody publishes a record for the simulated tenant: whoever runs the deployment knows whose the domain is.
      await operator('domains.trust', { organization: organization.id, domain: admin.domain, body: {} });
      const app = await admin.registerApp({
        displayName: 'Portico',
        redirectUris: { web: uris('web') },
        logoutUrl: uris('front-channel logout')[0] ?? null,
        optionalClaims: ['email', 'xms_edov', 'login_hint', 'sid'],
        permissions: ['Mail.Send', 'Mail.ReadWrite'],
        secret: { displayName: 'first', endDateTime: new Date(Date.now() + 5 * day).toISOString() },
      });
      await operator('connections.update', { connection: 'contoso', body: { clientId: app.appId } });
      const secret = await operator('secrets.set', {
        connection: 'contoso',
        body: { value: app.secret.secretText, name: 'first', expiresAt: app.secret.endDateTime },
      });
      await operator('secrets.rotate', { connection: 'contoso', secret: secret.id });
      const report = await operator('connections.test', { connection: 'contoso' });
      const failed = report.checks.filter((check) => check.outcome === 'failed');
      assert.deepEqual(
        failed.map((check) => `${check.name}: ${check.saw}`),
        [],
      );
      await operator('connections.activate', { connection: 'contoso' });
      await setUpProduct(stage, organization.id);
      await stage.restart();
      const after = await operator('connections.get', { connection: 'contoso' });
      assert.equal(after.state, 'active');
      assert.equal(after.live?.tenantId, admin.id);
      Object.assign(notes, { organization: organization.id, appId: app.appId, oldSecret: app.secret.keyId });
      return `${report.checks.length} checks; tenant id found from the domain ${admin.domain}; seen after a restart`;
    },
  },
  {
    name: 'provision',
    title: 'users and groups arrived',
    spoil: async (stage) => {
      const { items } = await stage.operator('tokens.list', { directory: 'contoso' });
      const { startProvisioning } = stage.admin;
      stage.admin.startProvisioning = (job) =>
        startProvisioning({ ...job, secretToken: `pt_scim_000000000000000000000000_${'A'.repeat(43)}` });
      assert.equal(items.length, 0);
    },
    run: async (stage, notes) => {
      const { operator, admin } = stage;
      const token = await operator('tokens.create', { directory: 'contoso', body: {} });
      const { tenantUrl } = await operator('directories.get', { directory: 'contoso' });
      notes.job = await admin.startProvisioning({
        baseAddress: tenantUrl,
        secretToken: token.value,
        dialect: 'aadOptscim062020',
        mapping: { externalId: 'objectId' },
      });
      assert.deepEqual(await admin.testConnection(notes.job), {
        ok: true,
        message: 'The credentials are authorized to enable provisioning',
      });
      const cycle = await admin.cycle(notes.job);
      assert.deepEqual([cycle.users.created, cycle.groups.created, cycle.failed], [stage.users, 12, 0]);
      const directory = await operator('directories.get', { directory: 'contoso' });
      assert.deepEqual([directory.users, directory.groups], [stage.users, 12]);
      notes.people = (await admin.people()).filter(
        (it) =>
          it.accountEnabled && it.userType === 'Member' && it.mail !== null && it.userPrincipalName !== senderOf(stage),
      );
      const [anna, ben] = notes.people;
      assert.ok(anna && ben);
      Object.assign(notes, { anna, ben });
      return `${cycle.users.created} users and ${cycle.groups.created} groups, by the tenant's own count, in ${(cycle.durationMs / 1000).toFixed(1)} s`;
    },
  },
  {
    name: 'sign-in',
    title: 'a person signed in to the product',
    spoil: async ({ admin }, { appId }) => admin.changeApp(appId, { enabled: false }),
    run: async (stage, notes) => {
      notes.annaAtProduct = await signIn(stage.product.url, notes.anna.userPrincipalName);
      notes.benAtProduct = await signIn(stage.product.url, notes.ben.userPrincipalName);
      const seen = visible(notes.annaAtProduct.page.html);
      shows(notes.annaAtProduct.page, `Hello, ${notes.anna.displayName}`);
      const groups = /Your groups (.*) Messages/.exec(seen)?.[1] ?? '';
      assert.notEqual(groups, '', 'the product shows no groups');
      return `the product greets ${notes.anna.displayName} and knows her groups: ${groups}`;
    },
  },
  {
    name: 'page',
    title: 'a person signed in to the single-page app, which called its API',
    spoil: async (stage) => {
      stage.toldSinglePage.resource = 'https://other.fabulous.example';
    },
    run: async (stage, notes) => {
      const { name, tasks, renewed, out } = await useSinglePage(stage, notes.ben.userPrincipalName);
      assert.equal(name, notes.ben.displayName);
      assert.equal(tasks, 200, 'the API took no token of the page');
      assert.equal(renewed, 200, 'the API took no renewed token');
      assert.equal(out, 'invalid_grant', 'the page is still signed in');
      return `without a secret; the API verified a JWT of ${name}, and a renewed one; signed out, nothing is renewed`;
    },
  },
  {
    name: 'terminal',
    title: 'a person signed in on the command line, by the browser and by a code',
    spoil: async ({ operator, commandLine }) =>
      void (await operator('clients.delete', { client: commandLine.clientId })),
    run: async (stage, notes) => {
      const { ben } = notes;
      const said = `${ben.displayName} <${ben.mail}>`;
      assert.equal(await loginByBrowser(stage, ben.userPrincipalName), said);
      assert.equal(statSync(stage.commandLine.file).mode & 0o777, 0o600, 'others may read the token');
      assert.equal(await runCommand(stage, ['whoami']), said);
      assert.equal(await runCommand(stage, ['logout']), 'signed out');
      await assert.rejects(runCommand(stage, ['whoami']), /nobody is signed in/);
      assert.equal(await loginByDevice(stage, ben.userPrincipalName), said);
      await runCommand(stage, ['logout']);
      return `${said}, both ways; the token's file is 0600 and goes with logout`;
    },
  },
  {
    name: 'mail-out',
    title: 'a mail left the product and arrived once',
    spoil: async (stage) => {
      const [sender] = (await stage.admin.people()).filter((it) => it.userPrincipalName === stage.told.mailbox);
      await stage.admin.changePerson(sender?.id ?? '', { hasMailbox: false });
    },
    run: async (stage, notes) => {
      const { anna, annaAtProduct } = notes;
      const subject = 'Your order – Übergröße №5';
      const page = await annaAtProduct.browser.submit(annaAtProduct.page, { to: anna.mail ?? '', subject });
      assert.equal(page.status, 200, visible(page.html));
      const arrived = await eventually('the mail in the mailbox', async () => {
        const found = (await stage.admin.mailOf(anna.mail ?? '')).filter(
          (it) => it.subject === subject && /inbox/i.test(it.folder),
        );
        return found.length > 0 ? found : undefined;
      });
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(arrived.length, 1);
      return `"${subject}" lies in ${anna.mail}'s inbox, once`;
    },
  },
  {
    name: 'mail-in',
    title: 'a mail arrived at the product',
    spoil: async (stage) => {
      const { items } = await stage.operator('mailboxes.list', { connection: 'contoso' });
      for (const { id } of items)
        await stage.operator('mailboxes.update', { connection: 'contoso', mailbox: id, body: { receive: false } });
    },
    run: async (stage, notes) => {
      const subject = 'Where is my order?';
      await stage.admin.deliver({
        from: notes.anna.mail ?? '',
        to: stage.told.mailbox,
        subject,
        text: 'It said Tuesday.',
      });
      const event = await eventually('the signed webhook', async () =>
        eventOf(stage, 'message.received', (it) => it.data['subject'] === subject),
      );
      const page = await notes.annaAtProduct.browser.open(`${stage.product.url}/`);
      shows(page, `in received: ${subject}`);
      return `a signed webhook told the product (event ${event.position}), which shows it`;
    },
  },
  {
    name: 'disable',
    title: 'a disabled user lost access',
    spoil: async ({ operator }) => {
      const { items } = await operator('tokens.list', { directory: 'contoso' });
      for (const { id } of items) await operator('tokens.revoke', { directory: 'contoso', token: id });
    },
    run: async (stage, notes) => {
      const { anna, annaAtProduct, benAtProduct } = notes;
      await stage.admin.changePerson(anna.id, { accountEnabled: false });
      const cycle = await stage.admin.cycle(notes.job);
      const page = await annaAtProduct.browser.open(`${stage.product.url}/`);
      assert.equal(page.status, 401, 'the product still shows her pages');
      shows(page, 'ended your access');
      assert.equal(
        (await benAtProduct.browser.open(`${stage.product.url}/`)).status,
        200,
        'somebody else lost access as well',
      );
      const event = await eventually('the event', async () => eventOf(stage, 'user.deactivated', () => true));
      assert.equal(cycle.users.disabled, 1);
      return `out of the product with her next click; the event says ${String(event.data['ms'])} ms; others stay`;
    },
  },
  {
    name: 'announce',
    title: 'a secret near its end was announced',
    spoil: async (stage) => {
      stage.product.events.clear();
      stage.told.webhook = 'whsec_AAAA';
    },
    run: async (stage) => {
      const event = await eventually('the announcement', async () => eventOf(stage, 'secret.expiring', () => true));
      const connection = await stage.operator('connections.get', { connection: 'contoso' });
      assert.equal(connection.nextExpiry?.kind, 'secret');
      assert.ok((connection.nextExpiry?.daysLeft ?? 99) <= 5);
      return `the product's webhook was told: ${String(event.data['daysLeft'])} days left`;
    },
  },
  {
    name: 'rotate',
    title: 'a second secret took over, unnoticed by those who signed in',
    spoil: async ({ admin }, { appId, oldSecret }) => admin.removeSecret(appId, oldSecret),
    run: async (stage, notes) => {
      const { operator, admin } = stage;
      const people = notes.people.filter((it) => it.id !== notes.anna.id);
      let begun = 0;
      let failed = '';
      const third = Promise.withResolvers<void>();
      const queue = Array.from({ length: stage.signIns }, (_, index) => people[index % people.length] ?? notes.ben);
      const signingIn = Promise.all(
        Array.from({ length: 8 }, async () => {
          for (let person = queue.shift(); person !== undefined && failed === ''; person = queue.shift()) {
            if (++begun === Math.ceil(stage.signIns / 3)) third.resolve();
            const { page } = await signIn(stage.product.url, person.userPrincipalName).catch((error: Error) => ({
              page: { status: 0, html: error.message },
            }));
            if (page.status !== 200) failed = `sign-in ${begun} failed: ${visible(page.html).slice(0, 300)}`;
          }
          third.resolve();
        }),
      );
      await third.promise;
      const made = await admin.addSecret(notes.appId, {
        displayName: 'second',
        endDateTime: new Date(Date.now() + 180 * day).toISOString(),
      });
      const second = await operator('secrets.set', {
        connection: 'contoso',
        body: { value: made.secretText, name: 'second', expiresAt: made.endDateTime },
      });
      assert.equal((await operator('secrets.rotate', { connection: 'contoso', secret: second.id })).state, 'current');
      if (failed === '') await admin.removeSecret(notes.appId, notes.oldSecret);
      await signingIn;
      assert.equal(failed, '');
      await stage.restart();
      const { page } = await signIn(stage.product.url, notes.ben.userPrincipalName);
      assert.equal(page.status, 200);
      const { nextExpiry } = await operator('connections.get', { connection: 'contoso' });
      assert.ok((nextExpiry?.daysLeft ?? 0) > 150);
      return `${begun} sign-ins went through while it was proven by a token and switched; the old one is gone from the tenant`;
    },
  },
  {
    name: 'restart',
    title: 'all of it outlives a kill',
    spoil: async ({ admin }, { ben, job }) => {
      await admin.changePerson(ben.id, { accountEnabled: false });
      await admin.cycle(job);
    },
    run: async (stage, notes) => {
      await stage.restart('kill');
      const directory = await stage.operator('directories.get', { directory: 'contoso' });
      assert.deepEqual([directory.users, directory.groups], [stage.users, 12]);
      const page = await notes.benAtProduct.browser.open(`${stage.product.url}/`);
      assert.equal(page.status, 200, 'the session is gone');
      shows(page, `Hello, ${notes.ben.displayName}`);
      return `${directory.users} users, 12 groups, and ${notes.ben.displayName} is still signed in; ready again after ${Math.round(stage.server().readyAfterMs)} ms`;
    },
  },
];

/** Makes the product known: an OpenID client, an API key with just its rights, a mailbox. */
async function setUpProduct(stage: Stage, organization: string): Promise<void> {
  const { operator, told, product } = stage;
  const client = await operator('clients.create', {
    body: {
      name: 'Fabulous Products',
      redirectUris: [`${product.url}/callback`],
      postLogoutRedirectUris: [`${product.url}/`],
    },
  });
  const key = await operator('keys.create', {
    body: { name: 'Fabulous Products', rights: ['users:read', 'mail:read', 'mail:send'], organization },
  });
  told.mailbox = senderOf(stage);
  await stage.admin.addPerson({
    displayName: 'Support',
    userPrincipalName: told.mailbox,
    mail: told.mailbox,
    accountEnabled: false,
  });
  await operator('mailboxes.create', {
    connection: 'contoso',
    body: { address: told.mailbox, types: ['order'], pollSeconds: 1 },
  });
  await setUpOthers(stage);
  Object.assign(told, { clientId: client.id, clientSecret: client.secret, apiKey: key.value });
}

/** The two products that keep no secret, and the API that the page calls. */
async function setUpOthers({ operator, toldSinglePage, singlePage, commandLine }: Stage): Promise<void> {
  const { resource } = toldSinglePage;
  const scopes = ['tasks:read'];
  await operator('clients.create', {
    body: { name: 'Fabulous Tasks API', kind: 'api', identifier: resource, apiScopes: scopes, tokenFormat: 'jwt' },
  });
  const page = await operator('clients.create', {
    body: {
      name: 'Fabulous Tasks',
      kind: 'spa',
      redirectUris: [`${singlePage.url}/`],
      postLogoutRedirectUris: [`${singlePage.url}/`],
      resources: [{ resource, scopes }],
    },
  });
  const program = await operator('clients.create', {
    body: {
      name: 'fabulous, the command line',
      kind: 'native',
      redirectUris: ['http://127.0.0.1/callback'],
      deviceFlow: true,
    },
  });
  toldSinglePage.clientId = page.id;
  commandLine.clientId = program.id;
}

async function eventOf(stage: Stage, type: Event['type'], fits: (event: Event) => boolean): Promise<Event | undefined> {
  return [...stage.product.events.values()].find((event) => event.type === type && fits(event));
}

function shows(page: Page, text: string): void {
  const seen = visible(page.html);
  assert.ok(seen.includes(text), `expected "${text}" on the page, which says: ${seen.slice(0, 400)}`);
}

/** Looks again every 50 ms for 15 seconds. */
async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const started = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() - started > 15_000) throw new Error(`${what} did not come within 15 seconds`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** An empty note; each step fills in what the next ones need. */
export const newNotes = (): Notes => ({}) as Notes;
