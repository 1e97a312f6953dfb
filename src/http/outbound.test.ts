import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createOutboundFetch, InwardAddress, isInward } from './outbound.ts';

const inside = [
  '127.0.0.1',
  '127.8.8.8',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '::1',
  '::',
  'fe80::1',
  'fc00::1',
  'fd12:3456::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  'ff02::1',
  '::7f00:1',
  '::ffff:7f00:1',
  '64:ff9b:1::7f00:1',
  '2002:7f00:1::',
  'fec0::1',
];
const outside = [
  '8.8.8.8',
  '172.15.0.1',
  '172.32.0.1',
  '192.167.1.1',
  '100.63.255.255',
  '2001:4860:4860::8888',
  '::ffff:8.8.8.8',
];

test('attack: private, loopback, link-local and multicast addresses are inside, also within an IPv6 address', () => {
  assert.deepEqual(
    inside.filter((address) => !isInward(address)),
    [],
  );
});

test('public addresses are not inside', () => {
  assert.deepEqual(outside.filter(isInward), []);
});

describe('a request to an address that somebody entered', () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/away') response.writeHead(302, { location: '/inside' });
    response.end(`${request.method} ${request.headers['x-one'] ?? ''}`);
  });
  let port = 0;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  after(() => void server.close());

  const guarded = createOutboundFetch({ allowPrivate: false, trusted: [] });
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '127.1']) {
    test(`to ${host} is refused before it is sent`, async () => {
      const before = asked.length;
      await assert.rejects(
        guarded(`http://${host}:${port}/`),
        (error: Error) => error instanceof InwardAddress || error.cause instanceof InwardAddress,
      );
      assert.equal(asked.length, before);
    });
  }

  test('reaches an address inside where the setting allows it, body and headers included', async () => {
    const open = createOutboundFetch({ allowPrivate: true, trusted: [] });
    const answer = await open(`http://localhost:${port}/x`, {
      method: 'POST',
      body: 'hello',
      headers: { 'x-one': '1' },
    });
    assert.equal(await answer.text(), 'POST 1');
  });

  test('reaches a trusted origin, and no other port of its host', async () => {
    const trusting = createOutboundFetch({ allowPrivate: false, trusted: [`http://localhost:${port}`] });
    assert.equal((await trusting(`http://localhost:${port}/`)).status, 200);
    await assert.rejects(
      trusting(`http://localhost:${port + 1}/`),
      (error: Error) => error.cause instanceof InwardAddress,
    );
  });

  test('does not follow a redirect: the next address would not have been checked by its caller', async () => {
    const open = createOutboundFetch({ allowPrivate: true, trusted: [] });
    const answer = await open(`http://localhost:${port}/away`);
    assert.equal(answer.status, 302);
    assert.ok(!asked.includes('/inside'));
  });
});
