import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contoso, objectId, stranger } from '../../test/entra/local-tenant.ts';
import { readClaims } from './read-claims.ts';

const iss = `https://login.microsoftonline.com/${contoso}/v2.0`;
const read = (more: Record<string, unknown>) =>
  readClaims({ iss, sub: 'pairwise', tid: contoso, oid: objectId, ...more });

test('the key of a person is tenant id and object id; names are for display', () => {
  const person = read({
    name: 'Anna Example',
    preferred_username: 'anna@contoso.com',
    given_name: 'Anna',
    family_name: '',
  });
  assert.deepEqual([person.tenantId, person.objectId, person.subject], [contoso, objectId, 'pairwise']);
  assert.deepEqual([person.name, person.givenName, person.familyName], ['Anna Example', 'Anna', undefined]);
});

const email = 'anna@contoso.com';
const proofs: readonly (readonly [Record<string, unknown>, string | undefined, boolean, RegExp])[] = [
  [{}, undefined, false, /no e-mail address/],
  [{ email }, email, false, /no claim proves it/],
  ...[true, 1, '1', 'true', 'True', ' TRUE '].map(
    (said) => [{ email, xms_edov: said }, email, true, /xms_edov says verified/] as const,
  ),
  ...[false, 0, '0', 'false', 'False'].map(
    (said) => [{ email, xms_edov: said }, email, false, /xms_edov says not verified/] as const,
  ),
  ...['yes', 2, [], {}, null, ''].map(
    (said) => [{ email, xms_edov: said }, email, false, /no claim proves it/] as const,
  ),
  [{ email, email_verified: true }, email, true, /email_verified/],
  [{ email, email_verified: 'true' }, email, true, /email_verified/],
  [{ email, email_verified: 'false' }, email, false, /email_verified/],
  [{ email, xms_edov: false, email_verified: true }, email, false, /xms_edov/],
  [{ email, verified_primary_email: ['Anna@Contoso.com'] }, email, true, /verified_primary_email/],
  [{ email, verified_primary_email: email }, email, true, /verified_primary_email/],
  [{ email, verified_primary_email: ['other@contoso.com'] }, email, false, /no claim proves it/],
  [{ email, verified_primary_email: [] }, email, false, /no claim proves it/],
  [{ verified_primary_email: ['b@contoso.com'] }, 'b@contoso.com', true, /verified_primary_email/],
  [{ xms_edov: true }, undefined, false, /no e-mail address/],
  [{ email: ['a@b.c'], xms_edov: true }, undefined, false, /no e-mail address/],
];
for (const [claims, address, verified, reason] of proofs) {
  test(`§1.5: ${JSON.stringify(claims)} is an e-mail ${verified ? 'verified' : 'not verified'}`, () => {
    const person = read(claims);
    assert.equal(person.email, address);
    assert.equal(person.emailVerified, verified);
    assert.match(person.emailReason, reason);
  });
}

test('§1.5: a preferred_username is never taken for an e-mail', () => {
  assert.equal(read({ preferred_username: email }).email, undefined);
});

test('§1.5: groups are told apart from no group claim and from overage', () => {
  assert.deepEqual(read({ groups: ['a', 'b'] }).groups, ['a', 'b']);
  assert.deepEqual(read({ groups: [] }).groups, []);
  assert.equal(read({}).groups, undefined);
  assert.equal(read({}).groupsOverage, false);
  const overage = {
    _claim_names: { groups: 'src1' },
    _claim_sources: { src1: { endpoint: 'https://graph.windows.net/x' } },
  };
  assert.equal(read(overage).groupsOverage, true);
  assert.equal(read(overage).groups, undefined);
  assert.equal(read({ hasgroups: true }).groupsOverage, true);
  assert.equal(read({ hasgroups: 'true' }).groupsOverage, true);
  assert.equal(read({ _claim_names: { other: 'src1' } }).groupsOverage, false);
});

test('roles, directory roles and authentication contexts are lists, also where one text came', () => {
  const person = read({ roles: 'admin', wids: ['w'], acrs: ['c1'] });
  assert.deepEqual([person.roles, person.directoryRoles, person.authenticationContexts], [['admin'], ['w'], ['c1']]);
  assert.deepEqual(read({ roles: [1, 'x', null] }).roles, ['x']);
});

test('§1.5: login_hint and sid are handed on as they are', () => {
  const person = read({ login_hint: 'O.CiQ', sid: '00-11' });
  assert.deepEqual([person.loginHint, person.sid], ['O.CiQ', '00-11']);
});

const home = `https://sts.windows.net/${stranger}/`;
const guests: readonly (readonly [Record<string, unknown>, boolean | undefined, string | undefined])[] = [
  [{}, undefined, undefined],
  [{ acct: 0 }, false, undefined],
  [{ acct: 1, idp: home }, true, home],
  [{ acct: '1' }, true, undefined],
  [{ idp: home }, true, home],
  [{ idp: 'live.com' }, true, 'live.com'],
  [{ idp: `https://sts.windows.net/${contoso}/` }, false, undefined],
];
for (const [claims, guest, homeIssuer] of guests) {
  test(`§1.5: ${JSON.stringify(claims)} means guest ${guest}`, () => {
    assert.deepEqual([read(claims).guest, read(claims).homeIssuer], [guest, homeIssuer]);
  });
}
