import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkClientId, checkClientSecret, checkTenant, explainClientIdRefusal } from './check-input.ts';
import { cleanPaste } from './clean-paste.ts';
import { EntraError } from './entra-error.ts';

const guid = '1c8e7535-f420-440d-be38-881eff0193a6';
const other = '2bb68591-782c-4c64-9415-bdf9414ae400';
const secret = 'abc8Q~Zz0123456789_-.~abcdefghijklmnopqrs';

const pasted: readonly (readonly [string, string, string])[] = [
  ['blanks and line ends around', `  \t${guid}\r\n`, guid],
  ['a no-break blank', `\u00a0${guid}\u00a0`, guid],
  ['zero-width blanks and joiners', `\u200b${guid.slice(0, 8)}\u200d${guid.slice(8)}\u2060`, guid],
  ['a byte order mark', `\ufeff${guid}`, guid],
  ['a soft hyphen', `${guid.slice(0, 4)}\u00ad${guid.slice(4)}`, guid],
  ['right-to-left marks', `\u202e${guid}\u200f`, guid],
  ['straight quotes', `"${guid}"`, guid],
  ['typographic quotes', `“ ${guid} ”`, guid],
  ['German quotes', `„${guid}“`, guid],
  ['quotes within quotes', `'"${guid}"'`, guid],
  ['only quotes', '""', ''],
  ['a lone quote', '"', '"'],
];
for (const [what, text, expected] of pasted) {
  test(`C5: ${what} is stripped`, () => assert.equal(cleanPaste(text), expected));
}

const clientIds: readonly (readonly [string, string])[] = [
  ['', 'nothing'],
  ['https://login.microsoftonline.com/x/v2.0', 'url'],
  ['login.microsoftonline.com/contoso.com', 'url'],
  [`api://${guid}`, 'application id uri'],
  ['contoso.com', 'domain'],
  ['anna@contoso.com', 'e-mail address'],
  [secret, 'secret value'],
  [other, 'tenant id'],
  ['00000003-0000-0000-c000-000000000000', 'resource id'],
  ['00000000-0000-0000-0000-000000000000', 'unknown'],
  ['my-app', 'unknown'],
  [`${guid} ${other}`, 'unknown'],
];
for (const [text, looksLike] of clientIds) {
  test(`C5: the client id field names "${text}" as ${looksLike}`, () => {
    const checked = checkClientId(text, { tenantId: other });
    assert.equal(checked.ok, false);
    assert.equal(!checked.ok && checked.fault.looksLike, looksLike);
    assert.equal(!checked.ok && checked.fault.field, 'clientId');
    assert.match(!checked.ok ? checked.fault.message : '', /paste the Application \(client\) ID/);
  });
}

for (const text of [guid, guid.toUpperCase(), `{${guid}}`, `Application (client) ID: ${guid}`, `urn:uuid:${guid}`]) {
  test(`C5: the client id field takes ${text}`, () => assert.deepEqual(checkClientId(text), { ok: true, value: guid }));
}

const secrets: readonly (readonly [string, string, RegExp])[] = [
  ['', 'nothing', /Value/],
  [guid, 'secret id', /this is the Secret ID \(a GUID\); paste the Value/],
  ['https://portal.azure.com/#view', 'url', /Value/],
  ['abc******************', 'masked secret', /shows a secret only once/],
  ['abc•••••••••••', 'masked secret', /make a new client secret/],
  ['eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln', 'token', /JWT/],
  ['A1B2C3D4E5F60718293A4B5C6D7E8F9001122334', 'thumbprint', /thumbprint/],
  ['A1:B2:C3:D4:E5:F6:07:18:29:3A:4B:5C:6D:7E:8F:90:01:12:23:34', 'thumbprint', /thumbprint/],
  ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', 'key file', /certificate or key file/],
  [`portico 5/19/2027 ${secret}`, 'several values', /more than the Value/],
  ['too-short~1', 'unknown', /16 to 64 characters, this has 11/],
  [`${secret}${secret}`, 'unknown', /16 to 64 characters/],
];
for (const [text, looksLike, said] of secrets) {
  test(`C5: the secret field names a ${looksLike} without repeating it (${text.length} characters)`, () => {
    const checked = checkClientSecret(text);
    assert.equal(checked.ok, false);
    assert.equal(!checked.ok && checked.fault.looksLike, looksLike);
    assert.match(!checked.ok ? checked.fault.message : '', said);
    if (text.length > 11) assert.ok(!JSON.stringify(checked).includes(text));
  });
}

for (const text of [secret, ` ${secret}\n`, `"${secret}"`, 'a~'.repeat(8), 'x'.repeat(64)]) {
  test(`C5: the secret field takes a value of ${text.length} characters`, () => {
    assert.deepEqual(checkClientSecret(text), { ok: true, value: cleanPaste(text) });
  });
}

const tenants: readonly (readonly [string, string])[] = [
  ['', 'nothing'],
  [`https://login.microsoftonline.com/${guid}/v2.0`, 'url'],
  [other, 'client id'],
  ['anna@contoso.com', 'e-mail address'],
  ['9188040d-6c67-4c5b-b112-36a304b66dad', 'tenant id'],
  [secret, 'secret value'],
  ['contoso', 'unknown'],
];
for (const [text, looksLike] of tenants) {
  test(`C5: the tenant field names "${text}" as ${looksLike}`, () => {
    const checked = checkTenant(text, { clientId: other });
    assert.equal(!checked.ok && checked.fault.looksLike, looksLike);
    assert.match(!checked.ok ? checked.fault.message : '', /paste the Directory \(tenant\) ID/);
  });
}

test('C5: the tenant field takes a GUID and a domain, in lower case', () => {
  assert.deepEqual(checkTenant(guid.toUpperCase()), { ok: true, value: guid });
  assert.deepEqual(checkTenant('Contoso.OnMicrosoft.com'), { ok: true, value: 'contoso.onmicrosoft.com' });
});

for (const code of [700016, 700038]) {
  test(`C5: AADSTS${code} asks whether the Object ID was copied`, () => {
    const fault = explainClientIdRefusal(
      new EntraError({ error: 'unauthorized_client', codes: [code] }),
      'contoso.com',
    );
    assert.equal(fault?.looksLike, 'object id');
    assert.match(fault?.message ?? '', /did you copy the Object ID/);
  });
}

test('C5: another refusal says nothing about the client id', () => {
  assert.equal(explainClientIdRefusal(new EntraError({ error: 'invalid_client', codes: [7000215] }), 'x'), undefined);
});
