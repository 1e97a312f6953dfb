import assert from 'node:assert/strict';
import dns, { type LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { generateKeyPair, SignJWT } from 'jose';
import { createConnection } from '#connections';
import type { ClientInput } from '#contract';
import { byItself } from '#events';
import { createOutboundFetch, Problem } from '#http';
import { createClient, endSession, pageOfSessions } from '#signin';
import { rawStatement } from '#store';
import { connectUpstream, signInBy } from './openid-stage.ts';
import { addProduct } from './product.ts';
import { type Stage, setStage } from './stage.ts';
import { startUpstream } from './upstream.ts';

/** An address that is public, and nobody's (RFC 5737). */
const outside = '203.0.113.1';
const all = { limit: 1000 };

describe('SSRF by every address that somebody enters', () => {
  let stage: Stage;
  const trusted: string[] = [];
  /** A service inside that nobody outside may reach: it counts who connects. */
  let inside: TcpServer;
  let reached = 0;
  /** A service outside that sends on to the one inside. */
  let away: Server;
  let redirected = 0;
  /** What names lead to, answer by answer; the last one stays. */
  const names = new Map<string, string[]>();
  let asked: string[] = [];
  const { lookup } = dns;

  before(async () => {
    inside = createTcpServer((socket) => {
      reached += 1;
      socket.destroy();
    });
    away = createServer((_request, response) => {
      redirected += 1;
      response.writeHead(302, { location: `http://127.0.0.1:${portOf(inside)}/` }).end();
    });
    for (const server of [inside, away]) await new Promise<void>((resolve) => server.listen(0, () => resolve()));
    dns.lookup = lookupByScript as typeof dns.lookup;
    syncBuiltinESMExports();
    let guarded = fetch;
    stage = await setStage('sqlite', {
      outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' },
      fetch: (input, init) => guarded(input, init),
    });
    trusted.push(stage.entra.url, redirector());
    guarded = createOutboundFetch({ allowPrivate: false, trusted, timeoutMs: 1000 });
  });
  after(async () => {
    dns.lookup = lookup;
    syncBuiltinESMExports();
    await stage.close();
    inside.close();
    away.close();
  });
  beforeEach(() => {
    [reached, redirected, asked] = [0, 0, []];
  });

  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  const redirector = () => `http://localhost:${portOf(away)}`;
  function lookupByScript(
    host: string,
    options: dns.LookupOptions,
    done: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
  ): void {
    const script = names.get(host);
    if (script === undefined) {
      lookup(host, options, done);
      return;
    }
    const answer = (script.length > 1 ? script.shift() : script[0]) ?? outside;
    asked.push(`${host}: ${answer}`);
    const addresses: LookupAddress[] = answer
      .split(' ')
      .map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all === true) done(null, addresses);
    else done(null, addresses[0]?.address ?? '', addresses[0]?.family);
  }

  /** Places inside, by words: private, loopback, link-local, and names that lead there. */
  const places = (): Record<string, string> => {
    const port = portOf(inside);
    names.set('inward.example', ['127.0.0.1']);
    names.set('both.example', [`${outside} 127.0.0.1`]);
    return {
      'a private address (RFC 1918)': `https://10.0.0.1:${port}`,
      'a private address (RFC 4193)': `https://[fd00::1]:${port}`,
      'the loopback address': `https://127.0.0.1:${port}`,
      'the loopback address of IPv6': `https://[::1]:${port}`,
      'the loopback address within one of IPv6': `https://[::ffff:127.0.0.1]:${port}`,
      'the loopback address as a number': `https://2130706433:${port}`,
      'a link-local address (RFC 3927)': `https://169.254.169.254:${port}`,
      'a link-local address (RFC 4291)': `https://[fe80::1]:${port}`,
      'a name that leads inside': `https://inward.example:${port}`,
      'a name that leads outside and inside': `https://both.example:${port}`,
    };
  };
  /** Those of them that differ in what is looked at: the others are of the same guard. */
  const somePlaces = () =>
    Object.entries(places()).filter(([what]) =>
      /RFC 1918|^the loopback address$|RFC 3927|outside and inside/.test(what),
    );
  /** A name that leads outside when it is looked at first, and inside ever after. */
  const rebinding = () => {
    names.set('rebind.example', [outside, '127.0.0.1']);
    return `https://rebind.example:${portOf(inside)}`;
  };
  const bound = ['rebind.example: 203.0.113.1', 'rebind.example: 127.0.0.1'];

  describe('metadata URL', () => {
    const faultOf = async (startFrom: string): Promise<string> => {
      const { world, organizationId } = stage;
      const made = createConnection(world, byItself, organizationId, {
        id: 'inward',
        name: 'Inward',
        provider: 'openid',
        startFrom,
      });
      const error = await made.catch((thrown: unknown) => thrown);
      assert.ok(error instanceof Problem, String(error));
      return error.details.detail;
    };
    test('attack: SSRF by metadata URL: private, loopback, link-local, by number and by name', async () => {
      for (const [what, place] of Object.entries(places()))
        assert.match(await faultOf(`${place}/`), /an address inside|neither an issuer/, what);
      assert.equal(reached, 0);
    });
    test('attack: SSRF by metadata URL: DNS rebinding', async () => {
      const place = rebinding();
      assert.match(await faultOf(`${place}/`), /did not answer/);
      assert.match(await faultOf(`${place}/`), /an address inside/);
      assert.deepEqual([asked, reached], [bound, 0], 'looked at once for each connection, which goes where that said');
    });
    test('attack: SSRF by metadata URL: redirects', async () => {
      assert.match(await faultOf(`${redirector()}/x`), /HTTP 302; redirects are not followed/);
      assert.deepEqual([redirected, reached], [1, 0]);
    });
  });

  describe('addresses that a metadata document names', () => {
    let count = 0;
    /** Signs in at a provider whose document names this; gives what the admin is told. Documents are kept, so each is a new one. */
    const faultOf = async (member: string, address: string, twice = false): Promise<string> => {
      const own = await startUpstream();
      own.metadata = { [member]: address };
      trusted.push(own.url);
      const id = `names-${count++}`;
      await connectUpstream(stage, own, id);
      if (twice) await signInBy(stage, id);
      const page = await signInBy(stage, id);
      assert.equal(page.status, 400);
      await own.close();
      return String((await stage.events('sign_in.refused')).at(-1)?.data['detail']);
    };
    for (const [what, member] of [
      ['JWKS URL', 'jwks_uri'],
      ['token endpoint', 'token_endpoint'],
    ] as const) {
      test(`attack: SSRF by ${what}: private, loopback, link-local, by name`, async () => {
        for (const [where, place] of somePlaces())
          assert.match(await faultOf(member, `${place}/`), /an address inside/, where);
        assert.equal(reached, 0);
      });
      test(`attack: SSRF by ${what}: DNS rebinding`, async () => {
        await faultOf(member, `${rebinding()}/`, true);
        assert.equal(asked[0], bound[0]);
        assert.equal(reached, 0);
      });
      test(`attack: SSRF by ${what}: redirects`, async () => {
        await faultOf(member, `${redirector()}/x`);
        assert.ok(redirected > 0);
        assert.equal(reached, 0);
      });
    }
  });

  describe('the address of a client’s keys', () => {
    /** Asks for a token by an assertion that those keys would have to prove. */
    const statusOf = async (jwksUri: string): Promise<number> => {
      const input: ClientInput = { kind: 'machine', name: 'Machine', authentication: 'privateKeyJwt', jwksUri };
      const { id } = await createClient(stage.world, byItself, input);
      const { privateKey } = await generateKeyPair('ES256');
      const ask = async (jti: string) => {
        const assertion = await new SignJWT({ jti })
          .setProtectedHeader({ alg: 'ES256' })
          .setIssuer(id)
          .setSubject(id)
          .setAudience(`${stage.url}/oidc`)
          .setExpirationTime('1m')
          .sign(privateKey);
        const answer = await fetch(`${stage.url}/oidc/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: assertion,
          }),
        });
        return answer.status;
      };
      await ask('1');
      return ask('2');
    };
    test('attack: SSRF by JWKS URL of a client: private, loopback, link-local, by name', async () => {
      for (const [what, place] of somePlaces()) assert.ok((await statusOf(`${place}/`)) < 500, what);
      assert.equal(reached, 0);
    });
    test('attack: SSRF by JWKS URL of a client: DNS rebinding', async () => {
      assert.ok((await statusOf(`${rebinding()}/`)) < 500);
      assert.deepEqual([asked, reached], [bound, 0]);
    });
    test('attack: SSRF by JWKS URL of a client: redirects', async () => {
      assert.ok((await statusOf(`${redirector()}/keys`)) < 500);
      assert.ok(redirected > 0);
      assert.equal(reached, 0);
    });
  });

  describe('back-channel URL', () => {
    /** Ends a session of somebody who is signed in to a product with this address, and waits until it was tried so often. */
    let products = 0;
    const tried = async (backchannelLogoutUri: string, often: number): Promise<void> => {
      const { world, organizationId } = stage;
      const person = stage.people[products++] ?? assert.fail();
      const product = await addProduct(stage, `Product-${products}`, undefined, { backchannelLogoutUri });
      const { tokens } = await product.signIn(person);
      const account = tokens.claims()?.sub ?? '';
      const sessions = (await pageOfSessions(world, organizationId, account, all)).items;
      await endSession(world, byItself, organizationId, account, sessions.at(-1)?.id ?? '');
      const due = rawStatement(
        `select attempts from due where kind = 'signin.tellProduct' and subject like '%${product.clientId}%' and lease is null`,
      );
      for (const startedAt = Date.now(); ; await setTimeout(50)) {
        if (Number((await world.store.read(due, {}))[0]?.['attempts'] ?? 0) >= often) return;
        assert.ok(Date.now() - startedAt < 8000, `${backchannelLogoutUri} was not tried ${often} times`);
      }
    };
    test('attack: SSRF by back-channel URL: private, loopback, link-local, by name', async () => {
      await Promise.all(somePlaces().map(([, place]) => tried(`${place}/logout`, 1)));
      assert.equal(reached, 0);
    });
    test('attack: SSRF by back-channel URL: DNS rebinding', async () => {
      await tried(`${rebinding()}/logout`, 2);
      const looked = asked.filter((it) => it.startsWith('rebind'));
      assert.deepEqual([looked, reached], [bound, 0]);
    });
    test('attack: SSRF by back-channel URL: redirects', async () => {
      await tried(`${redirector()}/logout`, 1);
      assert.ok(redirected > 0);
      assert.equal(reached, 0);
    });
  });
});
