import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceOf } from './source.ts';

const request = (remoteAddress: string, forwarded?: string): Parameters<typeof sourceOf>[0] => ({
  socket: { remoteAddress },
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
});
const addressOf = (remote: string, forwarded?: string, trustedProxies: string[] = ['10.0.0.1', '10.0.0.2']) =>
  sourceOf(request(remote, forwarded), { trustedProxies }, Date.now).address;

test('the address is the connection’s, and a forwarded one counts for nothing from somebody else', () => {
  assert.equal(addressOf('198.51.100.7'), '198.51.100.7');
  assert.equal(addressOf('198.51.100.7', '203.0.113.9'), '198.51.100.7');
});

test('behind trusted proxies it is the last address that none of them added', () => {
  assert.equal(addressOf('10.0.0.1', '203.0.113.9'), '203.0.113.9');
  assert.equal(addressOf('10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2'), '203.0.113.9');
  assert.equal(addressOf('::ffff:10.0.0.1', '203.0.113.9'), '203.0.113.9');
  assert.equal(addressOf('10.0.0.1'), '10.0.0.1');
});
