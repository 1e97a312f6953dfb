import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dialects } from '../world.ts';
import {
  idOf,
  openScimWorld,
  patchOf,
  resourcesOf,
  type ScimWorld,
  type TestDirectory,
  userUrn,
} from './scim-world.ts';

for (const dialect of dialects) {
  describe(`users on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    before(async () => {
      const opened = await openScimWorld(dialect);
      world = opened;
      directory = opened.directory;
    });
    after(() => world.close());

    test('a user is created, found, changed, deleted', async () => {
      const created = await directory.send('POST', '/Users', {
        schemas: [userUrn],
        userName: 'Mara@tenant.example',
        externalId: 'mara',
        active: true,
        displayName: 'Mara Oja',
        emails: [{ type: 'work', value: 'mara@tenant.example', primary: true }],
      });
      assert.equal(created.status, 201, created.text);
      const id = idOf(created);
      for (const filter of [
        'userName eq "mara@TENANT.example"',
        'externalId eq "mara"',
        'emails[type eq "work"].value eq "mara@tenant.example"',
        `id eq "${id}"`,
      ]) {
        const found = await directory.find('/Users', filter);
        assert.equal(found.status, 200, found.text);
        assert.deepEqual(
          resourcesOf(found).map((each) => each['id']),
          [id],
          filter,
        );
      }
      const patched = await directory.send(
        'PATCH',
        `/Users/${id}`,
        patchOf({ op: 'Replace', path: 'active', value: 'False' }),
      );
      assert.equal(patched.status, 200, patched.text);
      assert.equal(patched.body['active'], false);
      const gone = await directory.send('DELETE', `/Users/${id}`);
      assert.equal(gone.status, 204, gone.text);
      assert.equal((await directory.get(`/Users/${id}`)).status, 404);
    });

    test('groups', async () => {
      const user = await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'a' });
      const group = await directory.send('POST', '/Groups', {
        displayName: 'Ops',
        members: [{ value: idOf(user) }, 'x'],
      });
      assert.equal(group.status, 201, group.text);
      console.log(group.text);
      console.log((await directory.get(`/Users/${idOf(user)}`)).text);
      const p = await directory.send(
        'PATCH',
        `/Groups/${idOf(group)}?attributes=members,displayName`,
        patchOf(
          { op: 'Add', path: 'members', value: [{ value: 'y' }] },
          { op: 'replace', path: 'displayName', value: 'Ops2' },
          { op: 'remove', path: 'members[value sw "x"]' },
        ),
      );
      console.log(p.status, p.text);
      console.log(
        (await directory.get(`/Groups?excludedAttributes=members&filter=displayName%20eq%20%22ops2%22`)).text,
      );
      console.log((await directory.get(`/Groups?sortBy=displayName&count=1`)).text);
      console.log((await directory.get(`/Users?sortBy=emails&sortOrder=descending&count=1`)).text);
      const d = await directory.send('DELETE', `/Groups/${idOf(group)}`);
      assert.equal(d.status, 204, d.text);
    });
  });
}
