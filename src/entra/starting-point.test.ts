import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedCloud } from './clouds.ts';
import { readStartingPoint } from './starting-point.ts';

const tid = '1c8e7535-f420-440d-be38-881eff0193a6';
const login = 'https://login.microsoftonline.com';
const simulated = simulatedCloud('http://localhost:4000');

const readable: readonly (readonly [string, string, string | undefined, string])[] = [
  [tid, 'tenantId', undefined, tid],
  [` "${tid.toUpperCase()}"\u200b`, 'tenantId', undefined, tid],
  ['Contoso.com', 'domain', undefined, 'contoso.com'],
  ['contoso.onmicrosoft.com', 'domain', 'global', 'contoso.onmicrosoft.com'],
  ['contoso.onmicrosoft.us', 'domain', 'usgov', 'contoso.onmicrosoft.us'],
  ['contoso.partner.onmschina.cn', 'domain', 'china', 'contoso.partner.onmschina.cn'],
  ['organizations', 'authority', undefined, 'organizations'],
  [`${login}/${tid}/v2.0`, 'providerUrl', 'global', tid],
  [`${login}/${tid}/`, 'providerUrl', 'global', tid],
  [`login.microsoftonline.com/${tid}/v2.0`, 'providerUrl', 'global', tid],
  [`https://sts.windows.net/${tid}/`, 'providerUrl', 'global', tid],
  [`${login}/common/v2.0`, 'providerUrl', 'global', 'common'],
  [`${login}/contoso.com/oauth2/v2.0/authorize?client_id=x`, 'providerUrl', 'global', 'contoso.com'],
  [`${login}/${tid}/v2.0/.well-known/openid-configuration`, 'metadataUrl', 'global', tid],
  [`${login}/${tid}/.well-known/openid-configuration`, 'metadataUrl', 'global', tid],
  [`https://login.microsoftonline.us/${tid}/v2.0`, 'providerUrl', 'usgov', tid],
  [`https://login.chinacloudapi.cn/${tid}/v2.0`, 'providerUrl', 'china', tid],
  [`http://localhost:4000/${tid}/v2.0/.well-known/openid-configuration`, 'metadataUrl', 'simulated', tid],
];
for (const [text, kind, cloud, tenant] of readable) {
  test(`C4: ${text.trim()} is a ${kind}`, () => {
    const read = readStartingPoint(text, simulated);
    assert.ok(read.ok);
    assert.deepEqual([read.value.kind, read.value.cloud, read.value.tenant], [kind, cloud, tenant]);
    assert.equal(read.value.product, 'entra');
  });
}

test('C4: a v1 address leads to the v2 metadata of the same tenant and says so', () => {
  const read = readStartingPoint(`https://sts.windows.net/${tid}/`);
  assert.ok(read.ok);
  assert.equal(read.value.metadataUrl, `${login}/${tid}/v2.0/.well-known/openid-configuration`);
  assert.match(read.value.remarks.join(), /version 1/);
});

for (const text of ['https://login.microsoftonline.us/x.gov/v2.0', 'agency.gov', 'contoso.onmicrosoft.us']) {
  test(`§1.1: ${text} gets the word that GCC uses the global cloud`, () => {
    const read = readStartingPoint(text);
    assert.ok(read.ok);
    assert.match(read.value.remarks.join(), /GCC \(moderate\) uses the global cloud/);
  });
}

const others: readonly (readonly [string, string, string])[] = [
  [
    'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin/v2.0/',
    'b2c',
    'https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_signin/v2.0/.well-known/openid-configuration',
  ],
  [
    'https://contoso.ciamlogin.com/',
    'externalId',
    'https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration',
  ],
  [
    `https://contoso.ciamlogin.com/${tid}/v2.0`,
    'externalId',
    `https://contoso.ciamlogin.com/${tid}/v2.0/.well-known/openid-configuration`,
  ],
  [
    'https://contoso.b2clogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration?p=B2C_1_x',
    'b2c',
    'https://contoso.b2clogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration?p=B2C_1_x',
  ],
];
for (const [text, product, metadataUrl] of others) {
  test(`C4: ${text} is recognised as ${product}, with a word on what differs`, () => {
    const read = readStartingPoint(text);
    assert.ok(read.ok);
    assert.equal(read.value.product, product);
    assert.equal(read.value.metadataUrl?.toLowerCase(), metadataUrl.toLowerCase());
    assert.match(read.value.remarks.join(), /keyed by issuer and subject/);
  });
}

const unreadable: readonly (readonly [string, string])[] = [
  [' ', 'nothing'],
  ['anna@contoso.com', 'e-mail address'],
  ['https://portal.azure.com/#view/Microsoft_AAD_IAM', 'portal page'],
  ['https://entra.microsoft.com/#home', 'portal page'],
  ['https://accounts.google.com/', 'unknown host'],
  ['https://login.microsoftonline.com.evil.example/common/v2.0', 'unknown host'],
  [`https://login.microsoftonline.com@evil.example/${tid}`, 'unknown host'],
  ['https://contoso.b2clogin.com.evil.example/x', 'unknown host'],
  [`http://login.microsoftonline.com/${tid}/v2.0`, 'unknown host'],
  ['https://login.microsoftonline.com/', 'url'],
  ['https://login.microsoftonline.com/{tenantid}/v2.0', 'template'],
  ['https://login.microsoftonline.com/oauth2/authorize', 'url'],
  ['contoso', 'unknown'],
];
for (const [text, looksLike] of unreadable) {
  test(`C4: "${text}" is refused as ${looksLike}`, () => {
    const read = readStartingPoint(text);
    assert.equal(!read.ok && read.fault.looksLike, looksLike);
    assert.equal(!read.ok && read.fault.field, 'startingPoint');
  });
}
