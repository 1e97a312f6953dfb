import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '#scim';
import { enterpriseUrn, groupUrn, idOf, resourcesOf, userUrn } from '../directory/scim-world.ts';
import { assertRefused, at, type Client, ofType, onEachDatabase } from './on-each-database.ts';

/** Every attribute that Microsoft's hosted validator sends, with the values it makes up. */
const everything = (userName: string): JsonObject => ({
  schemas: [userUrn, enterpriseUrn],
  userName,
  active: true,
  displayName: 'WTBWMJQYKZVB',
  title: 'KUIKEXALKEXB',
  preferredLanguage: 'sl-SI',
  name: {
    givenName: 'Brycen',
    familyName: 'Nikki',
    formatted: 'Kaylie',
    middleName: 'Keven',
    honorificPrefix: 'Rosalia',
    honorificSuffix: 'Ozella',
  },
  addresses: [
    {
      type: 'work',
      formatted: 'BBFTBSGVQHKP',
      streetAddress: '4853 Bogan Lane',
      locality: 'JMQUDGMGOYZL',
      region: 'TNKDGJSRSWKQ',
      postalCode: 'ia39 6ul',
      country: 'Tonga',
      primary: true,
    },
  ],
  phoneNumbers: [
    { type: 'work', value: '33-774-3847', primary: true },
    { type: 'mobile', value: '33-774-3848' },
    { type: 'fax', value: '33-774-3849' },
  ],
  emails: [{ type: 'work', value: userName, primary: true }],
  roles: [{ display: 'IZCDMPRSGDGK', value: 'ARXWIKCPAUXZ', type: 'XRXWIPOKNMWK', primary: 'True' }],
  nickName: 'DEDJZAVTTICK',
  userType: 'FPFRXTMHXUYV',
  locale: 'YNCVRXAWIRNQ',
  timezone: 'America/Argentina/Buenos_Aires',
  profileUrl: 'GZEDGYWZMMYC',
  externalId: '48af03ac28ad4fb88478',
  [enterpriseUrn]: {
    employeeNumber: 'VKQBCAWMAIAB',
    department: 'ZYFOJNRVJXVZ',
    costCenter: 'WEGYKDDNRUYG',
    organization: 'EZBMOLHGFYLJ',
    division: 'DVTJTJLVOGJR',
  },
});

/** The same as PATCH operations on plain and filtered paths. */
function operationsOf(op: string, user: JsonObject): JsonObject[] {
  return Object.entries(user).flatMap(([name, value]): JsonObject[] => {
    if (name === 'schemas' || name === 'userName') return [];
    if (name === enterpriseUrn || name === 'name') {
      const separator = name === 'name' ? '.' : ':';
      return Object.entries(value as JsonObject).map(([sub, each]) => ({
        op,
        path: `${name}${separator}${sub}`,
        value: each,
      }));
    }
    if (!Array.isArray(value)) return [{ op, path: name, value }];
    return (value as JsonObject[]).flatMap((element) => {
      const filter = name === 'roles' ? 'primary eq "True"' : `type eq "${String(element['type'])}"`;
      const parts = Object.entries(element).filter(
        ([sub]) => sub !== 'primary' && (name === 'roles' || sub !== 'type'),
      );
      return parts.map(([sub, each]) => ({ op, path: `${name}[${filter}].${sub}`, value: each }));
    });
  });
}

/** Compares every value that was sent with what is there; booleans may have been sent as text. */
function assertHolds(sent: JsonValue, there: JsonValue | undefined, path: string): void {
  if (Array.isArray(sent)) {
    assert.ok(Array.isArray(there), path);
    for (const each of sent) {
      const { type } = each as JsonObject;
      const match = there.find((other) => (other as JsonObject)['type'] === type);
      assertHolds(each, match, `${path}[${String(type)}]`);
    }
  } else if (typeof sent === 'object' && sent !== null) {
    for (const [name, value] of Object.entries(sent)) {
      if (name !== 'schemas') assertHolds(value, (there as JsonObject | undefined)?.[name], `${path}.${name}`);
    }
  } else {
    assert.equal(String(there), sent === 'True' ? 'true' : String(sent), path);
  }
}

onEachDatabase("the cases of Microsoft's hosted SCIM Validator", (client: Client) => {
  const byName = async (userName: string): Promise<JsonObject> => {
    const [user] = await client.found('/Users', `userName eq "${userName}"`);
    assert.ok(user);
    return user;
  };
  const createBare = (userName: string) => client.create('/Users', { schemas: [userUrn], userName, active: true });

  test('validator: create a new user, and read it by the joining property', async () => {
    const sent = everything('validator-create@x.example');
    await client.create('/Users', sent);
    assertHolds(sent, await byName('validator-create@x.example'), 'user');
  });

  test('validator: create a duplicate user', async () => {
    const sent = everything('validator-twice@x.example');
    await client.create('/Users', sent);
    assertRefused(await client.send('POST', '/Users', sent), 409, 'uniqueness');
  });

  test('validator: filter an existing user, a non-existing one, in a different case', async () => {
    await createBare('Validator-Filter@x.example');
    assert.equal((await client.found('/Users', 'userName eq "Validator-Filter@x.example"')).length, 1);
    assert.equal((await client.found('/Users', 'userName eq "vALIDATOR-fILTER@X.EXAMPLE"')).length, 1);
    assert.equal((await client.found('/Users', 'userName eq "nobody-at-all"')).length, 0);
  });

  test('validator: patch a user: replace attributes (verbose request)', async () => {
    const id = await client.create('/Users', { ...everything('validator-replace@x.example'), displayName: 'Before' });
    const wanted = { ...everything('validator-replace@x.example'), displayName: 'After', title: 'Other' };
    const answer = await client.patch(`/Users/${id}`, ...operationsOf('replace', wanted));
    assert.equal(answer.status, 200, answer.text);
    assertHolds(wanted, await byName('validator-replace@x.example'), 'user');
  });

  test('validator: patch a user: add attributes (a user of whom nothing but the name was said)', async () => {
    const wanted = everything('validator-add@x.example');
    const id = await client.create('/Users', { schemas: [userUrn], userName: 'validator-add@x.example' });
    const operations = operationsOf('add', wanted);
    assert.ok(operations.length >= 34, String(operations.length));
    const answer = await client.patch(`/Users/${id}`, ...operations);
    assert.equal(answer.status, 200, answer.text);
    const { phoneNumbers, emails, addresses, ...rest } = wanted;
    const user = await byName('validator-add@x.example');
    assertHolds(rest, user, 'user');
    assert.deepEqual(
      [phoneNumbers, emails, addresses].map((each) => (each as unknown[]).length),
      [3, 1, 1],
    );
    assert.equal(ofType(user, 'phoneNumbers', 'fax')?.['value'], '33-774-3849');
    assert.equal(ofType(user, 'addresses', 'work')?.['country'], 'Tonga');
  });

  test('validator: update the user name', async () => {
    const id = await createBare('validator-old@x.example');
    await client.patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: 'validator-new@x.example' });
    assert.equal((await byName('validator-new@x.example'))['id'], id);
    assert.equal((await client.found('/Users', 'userName eq "validator-old@x.example"')).length, 0);
  });

  test('validator: disable a user', async () => {
    const id = await createBare('validator-disable@x.example');
    await client.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
    assert.equal((await byName('validator-disable@x.example'))['active'], false);
  });

  test('validator: add, replace, remove the manager', async () => {
    const id = await createBare('validator-managed@x.example');
    const path = `${enterpriseUrn}:manager`;
    const manager = async () => at(await client.read(`/Users/${id}`), enterpriseUrn, 'manager', 'value');
    await client.patch(`/Users/${id}`, { op: 'add', path, value: 'XYMKVVRYDIOO' });
    assert.equal(await manager(), 'XYMKVVRYDIOO');
    await client.patch(`/Users/${id}`, { op: 'replace', path, value: 'ASJDKLFJASDK' });
    assert.equal(await manager(), 'ASJDKLFJASDK');
    await client.patch(`/Users/${id}`, { op: 'remove', path });
    assert.equal(await manager(), undefined);
  });

  test('validator: delete a user; then it is not there', async () => {
    const id = await createBare('validator-delete@x.example');
    assert.equal((await client.send('DELETE', `/Users/${id}`)).status, 204);
    assert.equal((await client.get(`/Users/${id}`)).status, 404);
    assert.equal((await client.found('/Users', 'userName eq "validator-delete@x.example"')).length, 0);
  });

  const createGroup = (displayName: string, externalId = `ext-${displayName}`) =>
    client.create('/Groups', { schemas: [groupUrn], displayName, externalId });

  test('validator: get a group by id and by filter, members left out', async () => {
    const id = await createGroup('Validator Get');
    assert.equal((await client.read(`/Groups/${id}?excludedAttributes=members`))['displayName'], 'Validator Get');
    const filtered = await client.get(
      `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "Validator Get"')}`,
    );
    assert.deepEqual(
      resourcesOf(filtered).map((each) => each['id']),
      [id],
    );
    assert.equal((await client.found('/Groups', 'displayName eq "vALIDATOR gET"')).length, 1);
    assert.equal((await client.found('/Groups', 'displayName eq "no such group"')).length, 0);
  });

  test('validator: create a duplicate group', async () => {
    await createGroup('Validator Twice');
    const again = { schemas: [groupUrn], displayName: 'Validator Twice', externalId: 'other' };
    assertRefused(await client.send('POST', '/Groups', again), 409, 'uniqueness');
  });

  test('validator: patch a group: replace attributes, update externalId and displayName', async () => {
    const id = await createGroup('Validator Replace');
    await client.patch(
      `/Groups/${id}`,
      { op: 'replace', path: 'externalId', value: 'e2e9' },
      { op: 'replace', path: 'displayName', value: 'Validator Replaced' },
    );
    const [group] = await client.found('/Groups', 'displayName eq "Validator Replaced"');
    assert.deepEqual([group?.['id'], group?.['externalId']], [id, 'e2e9']);
    await client.patch(`/Groups/${id}`, { op: 'replace', value: { displayName: 'Validator Again' } });
    assert.equal((await client.found('/Groups', 'externalId eq "e2e9"'))[0]?.['displayName'], 'Validator Again');
  });

  test('validator: add and remove a member', async () => {
    const user = await createBare('validator-member@x.example');
    const id = await createGroup('Validator Members');
    const members = async () => ((await client.read(`/Groups/${id}`))['members'] ?? []) as JsonObject[];
    await client.patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: user }] });
    assert.deepEqual(
      (await members()).map(({ value }) => value),
      [user],
    );
    await client.patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${user}"]` });
    assert.deepEqual(await members(), []);
  });

  test('validator: delete a group', async () => {
    const id = await createGroup('Validator Delete');
    assert.equal((await client.send('DELETE', `/Groups/${id}`)).status, 204);
    assert.equal((await client.get(`/Groups/${id}`)).status, 404);
  });

  test('validator (preview): several operations on different attributes, and on the same one', async () => {
    const id = await createBare('validator-multi@x.example');
    await client.patch(
      `/Users/${id}`,
      { op: 'add', path: 'title', value: 'one' },
      { op: 'remove', path: 'title' },
      { op: 'add', path: 'title', value: 'two' },
      { op: 'replace', path: 'title', value: 'three' },
      { op: 'add', path: 'nickName', value: 'multi' },
    );
    const user = await client.read(`/Users/${id}`);
    assert.deepEqual([user['title'], user['nickName']], ['three', 'multi']);
  });

  test('validator (preview): delete what is not there, and the same twice', async () => {
    for (const endpoint of ['/Users', '/Groups']) {
      assertRefused(await client.send('DELETE', `${endpoint}/6f5a1c88`), 404);
      const body = endpoint === '/Users' ? { userName: 'validator-gone' } : { displayName: 'Validator Gone' };
      const id = idOf(await client.send('POST', endpoint, body));
      assert.equal((await client.send('DELETE', `${endpoint}/${id}`)).status, 204);
      assertRefused(await client.send('DELETE', `${endpoint}/${id}`), 404);
    }
  });
});
