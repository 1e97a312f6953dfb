import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cloudNamed, clouds, simulatedCloud } from './clouds.ts';

test('each cloud has its own login host, Graph and non-gallery template', () => {
  const facts = Object.values(clouds).map((cloud) => [
    cloud.loginOrigin,
    cloud.graphOrigin,
    cloud.nonGalleryTemplateId,
  ]);
  assert.deepEqual(facts, [
    ['https://login.microsoftonline.com', 'https://graph.microsoft.com', '8adf8e6e-67b2-4cf2-a259-e3dc5476c621'],
    ['https://login.microsoftonline.us', 'https://graph.microsoft.us', '4602d0b4-76bb-404b-bca9-2652e1a39c6d'],
    [
      'https://login.partner.microsoftonline.cn',
      'https://microsoftgraph.chinacloudapi.cn',
      '5a532e38-1581-4918-9658-008dc27c1d68',
    ],
  ]);
});

test("China's endpoints may lie on login.chinacloudapi.cn while its issuer stays on the login host", () => {
  assert.ok(clouds.china.loginOrigins.includes('https://login.chinacloudapi.cn'));
  assert.equal(clouds.china.issuerTemplate, 'https://login.partner.microsoftonline.cn/{tenantid}/v2.0');
});

test('a simulated cloud has login and Graph at one origin and may be plain http', () => {
  const cloud = simulatedCloud('http://localhost:4000/');
  assert.equal(cloud.loginOrigin, 'http://localhost:4000');
  assert.equal(cloud.graphOrigin, 'http://localhost:4000');
  assert.equal(cloud.issuerTemplate, 'http://localhost:4000/{tenantid}/v2.0');
  assert.equal(cloud.insecure, true);
  assert.equal(simulatedCloud('https://entra.test').insecure, false);
});

for (const url of ['ftp://x', 'localhost:4000', 'http://localhost:4000/path', 'http://a@localhost', 'http://x/?q']) {
  test(`a simulated cloud refuses the address ${url}`, () => {
    assert.throws(() => simulatedCloud(url), TypeError);
  });
}

test('the simulated cloud is asked for by name only where its address is known', () => {
  assert.equal(cloudNamed('usgov').name, 'usgov');
  assert.equal(cloudNamed('simulated', 'http://localhost:4000').name, 'simulated');
  assert.throws(() => cloudNamed('simulated'), /no simulated cloud is set up/);
});
