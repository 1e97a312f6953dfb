import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contoso, stranger } from '../../test/entra/local-tenant.ts';
import { type AccountType, accountTypes, authorityTenant, issuerRuleOf, takesTenant } from './account-types.ts';
import { personalTenantId } from './clouds.ts';

const audience = (type: AccountType) => accountTypes.find((facts) => facts.type === type)?.signInAudience;
const cases: readonly (readonly [AccountType, readonly string[], string, string, readonly boolean[]])[] = [
  ['oneTenant', [contoso], 'AzureADMyOrg', contoso, [true, false, false]],
  ['selectedTenants', [contoso, stranger], 'AzureADMultipleOrgs', 'organizations', [true, true, false]],
  ['selectedTenants', [contoso], 'AzureADMultipleOrgs', contoso, [true, false, false]],
  ['anyOrganization', [], 'AzureADMultipleOrgs', 'organizations', [true, true, false]],
  ['anyOrganizationAndPersonal', [], 'AzureADandPersonalMicrosoftAccount', 'common', [true, true, true]],
  ['personalOnly', [], 'PersonalMicrosoftAccount', 'consumers', [false, false, true]],
];
for (const [type, tenantIds, signInAudience, authority, taken] of cases) {
  test(`C3: ${type} with ${tenantIds.length} tenants`, () => {
    assert.equal(audience(type), signInAudience);
    assert.equal(authorityTenant(type, tenantIds), authority);
    const rule = issuerRuleOf(type, tenantIds);
    assert.deepEqual(
      [contoso, stranger, personalTenantId].map((tenantId) => takesTenant(rule, tenantId)),
      taken,
    );
  });
}

test('tenant ids are compared without regard to case', () => {
  assert.equal(takesTenant(issuerRuleOf('oneTenant', [contoso.toUpperCase()]), contoso), true);
  assert.equal(takesTenant({ tenants: [stranger], personal: false }, stranger.toUpperCase()), true);
});
