import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clouds, simulatedCloud } from './clouds.ts';
import { appRegistrationLink, enterpriseAppLink, signInLogsLink } from './portal-links.ts';

const appId = '1c8e7535-f420-440d-be38-881eff0193a6';
const objectId = '4046afc6-0c57-4c7b-b402-cdab956bdb44';

test("D2: an app registration's pages are linked in the cloud's own portal", () => {
  assert.equal(
    appRegistrationLink(clouds.global, appId, 'secrets'),
    `https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/${appId}`,
  );
  assert.equal(
    appRegistrationLink(clouds.usgov, appId, 'apiPermissions'),
    `https://portal.azure.us/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/${appId}`,
  );
});

test("D2: an enterprise application's pages need the service principal's object id", () => {
  assert.equal(
    enterpriseAppLink(clouds.china, { objectId, appId }, 'usersAndGroups'),
    `https://portal.azure.cn/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Users/objectId/${objectId}/appId/${appId}`,
  );
  assert.match(enterpriseAppLink(clouds.global, { appId }, 'usersAndGroups') ?? '', /StartboardApplicationsMenuBlade/);
});

test('a simulated cloud has no portal, so there is no link', () => {
  const cloud = simulatedCloud('http://localhost:4000');
  assert.equal(appRegistrationLink(cloud, appId, 'overview'), undefined);
  assert.equal(signInLogsLink(cloud), undefined);
});

test('an id cannot lead out of the link', () => {
  const link = appRegistrationLink(clouds.global, 'x/../../y#z', 'overview');
  assert.equal(link?.endsWith('/appId/x%2F..%2F..%2Fy%23z'), true);
});
