import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  appTokenFor,
  connectionChecks,
  deleteSecret,
  findLive,
  getConnection,
  makeOwnCertificate,
  pageOfSecrets,
  switchSecret,
} from '#connections';
import type { Check, Secret } from '#contract';
import { byItself } from '#events';
import { Problem } from '#http';
import { dialects } from '../world.ts';
import { visible } from './browser.ts';
import { settle } from './settle.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`how Portico proves itself at Microsoft Entra (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
    });
    after(() => stage.close());

    const live = async () => {
      const { world, organizationId, connection } = stage;
      const found = await findLive(world, organizationId, connection);
      assert.ok(found);
      return found;
    };
    const change = (body: unknown) =>
      stage.entra.control('PATCH', `/tenants/${stage.entra.contoso.id}/applications/${stage.app.id}`, body);
    const certify = (name: string) =>
      makeOwnCertificate(stage.world, byItself, stage.organizationId, stage.connection, { name, days: 365 });
    const use = ({ id }: Secret) => switchSecret(stage.world, byItself, stage.organizationId, stage.connection, id);
    const signsIn = async () => {
      const page = await stage.signIn(first(stage.people));
      assert.match(visible(page.html), /You are signed in/);
    };
    const checks = async (): Promise<Check[]> => {
      const connection = await live();
      const answers = await Promise.all(connectionChecks.map((check) => check(stage.world, connection)));
      return answers.flat().filter(({ name }) => name === 'entra.secret');
    };
    const listed = async () =>
      (await pageOfSecrets(stage.world, stage.organizationId, stage.connection, { limit: 100 })).items;

    test('RFC 6749 §2.3.1: by a client secret in the header', async () => {
      await settle(stage, { clientAuthentication: 'secretBasic' });
      await signsIn();
      assert.ok((await appTokenFor(stage.world, await live())).accessToken);
    });

    test('facts §1.12: by a certificate of its own, PS256 and x5t#S256, for sign-in and app-only tokens', async () => {
      const made = await certify('first');
      const certificate = new X509Certificate(made.certificate ?? '');
      assert.equal(certificate.subject, 'CN=Portico contoso');
      assert.equal(made.thumbprint, certificate.fingerprint.replaceAll(':', ''));
      assert.deepEqual([made.kind, made.state, made.daysLeft], ['certificate', 'waiting', 364]);
      assert.equal(JSON.stringify(made).includes('PRIVATE'), false);
      await settle(stage, { clientAuthentication: 'certificate' });
      const refused = await use(made).catch((error: unknown) => error);
      assert.ok(refused instanceof Problem);
      assert.equal(refused.details.more?.['aadsts'], 'AADSTS700027');
      await change({ certificates: [made.certificate] });
      assert.equal((await use(made)).state, 'current');
      await signsIn();
      assert.ok((await appTokenFor(stage.world, await live())).accessToken);
      assert.deepEqual(
        (await checks()).map(({ title, outcome }) => [title, outcome]),
        [[`Certificate ${made.hint}… (first, in use)`, 'passed']],
      );
    });

    test('K4: two certificates take over from each other: whichever Entra knows is presented', async () => {
      const second = await certify('second');
      await change({ certificates: [second.certificate] });
      await signsIn();
      assert.deepEqual(
        (await checks()).map(({ outcome }) => outcome),
        ['failed', 'passed'],
      );
      await use(second);
      const states = (await listed()).filter(({ kind }) => kind === 'certificate').map(({ state }) => state);
      assert.deepEqual(states, ['previous', 'current']);
      await assert.rejects(deleteSecret(stage.world, byItself, stage.organizationId, 'contoso', second.id), {
        message: 'this secret is in use',
      });
    });

    test('K3: the end of a certificate is known and announced as that of a secret', async () => {
      const { nextExpiry } = await getConnection(stage.world, stage.organizationId, stage.connection);
      assert.deepEqual([nextExpiry?.kind, nextExpiry?.daysLeft], ['secret', 364]);
    });

    test('facts §1.12: by a federated credential, without anything kept', async () => {
      const credential = { name: 'portico', issuer: `${stage.url}/oidc`, subject: 'connection:contoso' };
      await settle(stage, { clientAuthentication: 'federatedCredential' });
      await change({ certificates: [], federatedCredentials: [{ ...credential, subject: 'connection:other' }] });
      const [wrong] = await checks();
      assert.equal(wrong?.outcome, 'failed');
      assert.match(wrong?.saw ?? '', /AADSTS700213/);
      assert.match(wrong?.next ?? '', /known everywhere only after some minutes/);
      await change({ federatedCredentials: [credential] });
      await signsIn();
      assert.ok((await appTokenFor(stage.world, await live())).accessToken);
      assert.equal((await checks())[0]?.outcome, 'passed');
    });

    test('attack: the key of a certificate is sealed, and in no answer, event or column in clear', async () => {
      const shown = JSON.stringify([await listed(), await stage.events('secret.set')]);
      assert.ok(!/PRIVATE KEY/.test(shown));
      for (const { value } of await stage.world.store.read(
        (await import('#store')).rawStatement(`select value from secret`),
        {},
      ))
        assert.match(String(value), /^v1\./);
    });
  });
}
