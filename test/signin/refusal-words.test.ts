import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refusals, refusalsOfEntra } from '#signin';
import { openBrowser, visible } from './browser.ts';
import { first, type Stage, setStage } from './stage.ts';

type Reason = keyof typeof refusalsOfEntra;

/** What Microsoft says to the server, when it redeems the code; the rest it says to the browser. */
const saidToServer: readonly Reason[] = [
  'secret_expired',
  'secret_wrong',
  'certificate_refused',
  'federation_refused',
  'app_disabled',
  'throttled',
];

describe('what a refused sign-in says (sqlite)', () => {
  let stage: Stage;
  before(async () => {
    stage = await setStage('sqlite');
  });
  after(() => stage.close());

  const call = (fault: Record<string, unknown>) => stage.entra.control('POST', '/faults', fault);
  const clear = () => stage.entra.control('DELETE', '/faults');
  const signIn = () => stage.signIn(first(stage.people), openBrowser());
  const lastReason = async () => (await stage.events('sign_in.refused')).at(-1)?.data['reason'];

  for (const [reason, words] of Object.entries(refusalsOfEntra)) {
    const known: readonly number[] = words.codes;
    for (const code of known) {
      test(`AADSTS${code}: ${reason}`, async () => {
        const at = saidToServer.some((it) => it === reason) ? 'token' : 'authorize';
        await call({ name: 'aadsts', code, at, ...(at === 'authorize' ? { as: 'redirect' } : {}) });
        const page = await signIn().finally(clear);
        assert.equal(page.status, 400);
        const text = visible(page.html);
        assert.ok(text.startsWith(`${words.title} ${words.what} ${words.next}`), text);
        assert.match(text, new RegExp(`For administrators Code AADSTS${code} `));
        assert.ok(text.includes(words.admin), text);
        assert.match(text, /Connection Contoso \(contoso\)/);
        assert.match(text, /Application \(client\) ID [0-9a-f-]{36}/);
        assert.match(text, /Correlation id [0-9a-f-]{36}/);
        assert.equal(await lastReason(), reason);
        const quoted = /quote ([0-9a-f-]{36})/.exec(text)?.[1];
        assert.equal((await stage.events('sign_in.refused')).at(-1)?.requestId, quoted);
        for (const secret of [stage.app.secret, page.browser.cookie(stage.host, '__Host-portico_signin') ?? 'none'])
          assert.ok(!page.html.includes(secret), 'the page holds nothing secret');
      });
    }
  }

  test('by its name a misfortune leads to its own words: secret, consent, lock, password, device, policy, app', async () => {
    const named: readonly (readonly [fault: string, reason: Reason])[] = [
      ['secret-expired', 'secret_expired'],
      ['secret-removed', 'secret_wrong'],
    ];
    for (const [name, reason] of named) {
      await call({ name });
      const page = await signIn().finally(clear);
      assert.ok(
        visible(page.html).startsWith(`${refusalsOfEntra[reason].title} ${refusalsOfEntra[reason].what}`),
        name,
      );
    }
  });

  test('the clocks disagree: by a fast and by a slow one', async () => {
    for (const clock of ['fast', 'slow']) {
      await call({ name: 'clock-skew', seconds: 7200, clock });
      const page = await signIn().finally(clear);
      assert.match(visible(page.html), /^The clocks do not agree/);
      assert.equal(await lastReason(), 'clock');
    }
  });

  test('a key that no document names', async () => {
    await call({ name: 'unknown-kid' });
    const page = await signIn().finally(clear);
    assert.match(visible(page.html), /^The proof of your sign-in is not valid/);
    assert.equal(await lastReason(), 'token');
  });

  test('Microsoft is not available, when the code is redeemed', async () => {
    await call({ name: 'unavailable', path: '/token' });
    const page = await signIn().finally(clear);
    assert.match(visible(page.html), /^Microsoft could not be reached/);
  });

  test('the redirect URI: the one to register, to the letter, and what only looks like it', async () => {
    await call({ name: 'aadsts', code: 50011, at: 'authorize', as: 'redirect' });
    const text = visible((await signIn().finally(clear)).html);
    assert.ok(text.includes(`Redirect URI ${stage.url}/oauth/login/contoso/callback Does not count`), text);
    assert.ok(text.includes(`${stage.url}/oauth/login/contoso/callback/ with a slash at the end`));
  });

  test('each reason has words of its own, says what to do next, and names nobody but the administrator to ask', () => {
    const seen = new Map<string, string>();
    for (const [reason, { title, what, next, admin }] of Object.entries(refusals)) {
      const other = seen.get(what);
      assert.equal(other, undefined, `${reason} says what ${other} says`);
      seen.set(what, reason);
      for (const text of [what, next, admin]) assert.match(text, /[.!?]$/, `${reason}: ${text}`);
      assert.doesNotMatch(title + what + next, /AADSTS|nonce|token|OAuth|OpenID/, `${reason} speaks plainly`);
    }
  });

  test('a code stands for one reason', () => {
    const codes = Object.values(refusalsOfEntra).flatMap((it): readonly number[] => it.codes);
    assert.equal(new Set(codes).size, codes.length);
  });
});
