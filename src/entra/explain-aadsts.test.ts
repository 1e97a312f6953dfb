import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminLink, explainAadsts, listAadsts } from './explain-aadsts.ts';

const pastedText =
  "Sorry, but we're having trouble signing you in. AADSTS50020: User account 'anna@fabrikam.com' from identity provider does not exist. Trace ID: 5cbd8e24-4d31-4b06-9d4e-3f8b1a2c0d00 Timestamp: 2026-08-13 09:12:33Z";

for (const text of ['50020', 50020, 'AADSTS50020', 'aadsts50020', 'AADSTS 50020', ' 50020 ', pastedText]) {
  test(`D9: "${String(text).slice(0, 20)}" is explained`, async () => {
    const explained = await explainAadsts(text);
    assert.ok(explained?.known);
    assert.equal(explained.code, 'AADSTS50020');
    assert.equal(explained.name, 'UserUnauthorized');
    assert.match(explained.cause, /not a guest in the tenant/);
    assert.match(explained.action, /Invite the user as guest/);
    assert.equal(explained.source, 'published');
    assert.equal(explained.adminLink, 'https://login.microsoftonline.com/error?code=50020');
  });
}

const slips: readonly (readonly [string, string])[] = [
  ['500202', 'AADSTS50020'],
  ['5002', 'AADSTS50020'],
  ['52020', 'AADSTS50020'],
  ['51011', 'AADSTS50011'],
  ['7000251', 'AADSTS7000215'],
  ['50200', 'AADSTS50020'],
];
for (const [typed, meant] of slips) {
  test(`D9: the unknown ${typed} is one slip away from ${meant}`, async () => {
    const explained = await explainAadsts(typed);
    assert.equal(explained?.known, false);
    assert.ok(
      explained.nearest.some(({ code }) => code === meant),
      JSON.stringify(explained.nearest.map((n) => n.code)),
    );
  });
}

test('D9: an unknown code far from all others has no neighbours, but a link', async () => {
  assert.deepEqual(await explainAadsts('AADSTS12345678'), {
    known: false,
    code: 'AADSTS12345678',
    nearest: [],
    adminLink: adminLink(12345678),
  });
});

for (const text of ['', 'no code here', 'call 50020 for help', '123', '123456789']) {
  test(`D9: "${text}" holds no code`, async () => assert.equal(await explainAadsts(text), undefined));
}

test('D9: every entry has a code of its own, a cause, and something to do', async () => {
  const all = await listAadsts();
  assert.equal(all.length, 392);
  assert.equal(new Set(all.map(({ code }) => code)).size, 392);
  for (const { code, name, cause, action } of all) assert.ok(name && cause.length > 9 && action.length > 3, code);
});

test('§1.13: the ten codes that matter most in set-up are explained', async () => {
  for (const code of [50011, 700016, 7000215, 7000222, 65001, 90094, 50105, 50020, 50194, 500011, 7000218]) {
    assert.equal((await explainAadsts(code))?.known, true, String(code));
  }
});
