import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#scim';
import { groupUrn, userUrn } from '../directory/scim-world.ts';
import { type Client, ofType, onEachDatabase } from './on-each-database.ts';

onEachDatabase('the examples of RFC 7644', (client: Client) => {
  const person = (userName: string, more: JsonObject = {}): JsonObject => ({ schemas: [userUrn], userName, ...more });
  const membersOf = async (id: string): Promise<unknown[]> =>
    (((await client.read(`/Groups/${id}`))['members'] ?? []) as JsonObject[]).map(({ value }) => value);

  test('§3.4.2.2, figure 2: every filter there is understood, and finds', async () => {
    const stem = client.fresh('fig');
    await client.create(
      '/Users',
      person(`${stem}-bjensen`, {
        title: 'Tour Guide',
        userType: 'Employee',
        name: { familyName: "O'Malley" },
        emails: [
          { type: 'work', value: 'b@example.com' },
          { type: 'home', value: 'b@example.org' },
        ],
        ims: [{ type: 'xmpp', value: 'b@foo.com' }],
      }),
    );
    await client.create('/Users', person(`${stem}-jim`, { userType: 'Intern' }));
    const filters: readonly [string, string][] = [
      [`userName Eq "${stem}-JIM"`, 'jim'],
      ['name.familyName co "O\'Malley"', 'bjensen'],
      [`userName sw "${stem}-j"`, 'jim'],
      [`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "${stem}-j"`, 'jim'],
      ['title pr', 'bjensen'],
      ['meta.lastModified gt "2011-05-13T04:42:34Z"', 'bjensen jim'],
      ['meta.lastModified ge "2011-05-13T04:42:34Z"', 'bjensen jim'],
      ['meta.lastModified lt "2011-05-13T04:42:34Z"', ''],
      ['meta.lastModified le "2011-05-13T04:42:34Z"', ''],
      ['title pr and userType eq "Employee"', 'bjensen'],
      ['title pr or userType eq "Intern"', 'bjensen jim'],
      ['schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"', ''],
      ['userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', 'bjensen'],
      ['userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', 'jim'],
      ['userType eq "Employee" and (emails.type eq "work")', 'bjensen'],
      ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', 'bjensen'],
      ['emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]', 'bjensen'],
    ];
    for (const [filter, expected] of filters) {
      const found = await client.found('/Users', `(${filter}) and userName sw "${stem}"`);
      assert.equal(found.map(({ userName }) => String(userName).slice(stem.length + 1)).join(' '), expected, filter);
    }
  });

  test('§3.5.2.1: a member is added with display and $ref', async () => {
    const id = await client.create('/Groups', { schemas: [groupUrn], displayName: client.fresh('Tour Guides') });
    const value = [{ display: 'Babs Jensen', $ref: `${client.tenantUrl}/Users/2819c223`, value: '2819c223' }];
    assert.equal((await client.patch(`/Groups/${id}`, { op: 'add', path: 'members', value })).status, 204);
    assert.deepEqual(await membersOf(id), ['2819c223']);
  });

  test('§3.5.2.1: emails and nickname are added without a path', async () => {
    const id = await client.create(
      '/Users',
      person(client.fresh('babs'), { emails: [{ value: 'a@x', type: 'work' }] }),
    );
    const value = { emails: [{ value: 'babs@jensen.org', type: 'home' }], nickname: 'Babs' };
    const { status, body } = await client.patch(`/Users/${id}`, { op: 'add', value });
    assert.deepEqual([status, body['nickName'], (body['emails'] as unknown[]).length], [200, 'Babs', 2]);
  });

  test('§3.5.2.2: one member is removed, all are, and a value chosen by a deeper filter', async () => {
    const members = ['a', 'b'].map((value) => ({ value }));
    const id = await client.create('/Groups', { schemas: [groupUrn], displayName: client.fresh('Guides'), members });
    await client.patch(`/Groups/${id}`, { op: 'remove', path: 'members[value eq "a"]' });
    assert.deepEqual(await membersOf(id), ['b']);
    await client.patch(`/Groups/${id}`, { op: 'remove', path: 'members' });
    assert.deepEqual(await membersOf(id), []);
    const emails = [
      { type: 'work', value: 'b@example.com' },
      { type: 'work', value: 'b@other.org' },
    ];
    const user = await client.create('/Users', person(client.fresh('babs'), { emails }));
    const path = 'emails[type eq "work" and value ew "example.com"]';
    const { body } = await client.patch(`/Users/${user}`, { op: 'remove', path });
    assert.deepEqual(body['emails'], [emails[1]]);
  });

  test('§3.5.2.2: a member is removed and another added in one request', async () => {
    const id = await client.create('/Groups', {
      schemas: [groupUrn],
      displayName: client.fresh('Swap'),
      members: [{ value: 'a' }],
    });
    const add = { op: 'add', path: 'members', value: [{ display: 'James Smith', value: '08e1d05d' }] };
    await client.patch(`/Groups/${id}`, { op: 'remove', path: 'members[value eq "a"]' }, add);
    assert.deepEqual(await membersOf(id), ['08e1d05d']);
  });

  test('§3.5.2.3: all members are replaced, without a path too', async () => {
    const id = await client.create('/Groups', {
      schemas: [groupUrn],
      displayName: client.fresh('Whole'),
      members: [{ value: 'a' }],
    });
    await client.patch(`/Groups/${id}`, { op: 'replace', path: 'members', value: [{ value: 'b' }, { value: 'c' }] });
    assert.deepEqual(await membersOf(id), ['b', 'c']);
    await client.patch(`/Groups/${id}`, { op: 'replace', value: { members: [{ value: 'd' }] } });
    assert.deepEqual(await membersOf(id), ['d']);
  });

  test('§3.5.2.3: the work address is replaced whole, then one part of it', async () => {
    const work = {
      type: 'work',
      streetAddress: '911 Universal City Plaza',
      locality: 'Hollywood',
      country: 'US',
      primary: true,
    };
    const home = { type: 'home', locality: 'Elsewhere' };
    const id = await client.create(
      '/Users',
      person(client.fresh('babs'), { addresses: [{ ...work, postalCode: '91608' }, home] }),
    );
    const whole = await client.patch(`/Users/${id}`, { op: 'replace', path: 'addresses[type eq "work"]', value: work });
    assert.deepEqual(ofType(whole.body, 'addresses', 'work'), work);
    const operation = { op: 'replace', path: 'addresses[type eq "work"].streetAddress', value: '1010 Broadway Ave' };
    const part = await client.patch(`/Users/${id}`, operation);
    assert.deepEqual(part.body['addresses'], [{ ...work, streetAddress: '1010 Broadway Ave' }, home]);
  });

  test('§3.5.2.3: several attributes are replaced without a path', async () => {
    const id = await client.create(
      '/Users',
      person(client.fresh('babs'), { emails: [{ value: 'old@x', type: 'other' }] }),
    );
    const emails = [
      { value: 'bjensen@example.com', type: 'work', primary: true },
      { value: 'babs@jensen.org', type: 'home' },
    ];
    const { body } = await client.patch(`/Users/${id}`, { op: 'replace', value: { emails, nickname: 'Babs' } });
    assert.deepEqual([body['emails'], body['nickName']], [emails, 'Babs']);
  });
});
