import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pageOfUsers } from '#directory';
import { listEvents, sequenceSome } from '#events';
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

const start = Date.parse('2026-11-02T08:00:00.000Z');

for (const dialect of dialects) {
  describe(`users on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    before(async () => {
      const opened = await openScimWorld(dialect, { now: start });
      world = opened;
      directory = opened.directory;
    });
    after(() => world.close());

    const create = async (userName: string, more: object = {}): Promise<string> => {
      const created = await directory.send('POST', '/Users', { schemas: [userUrn], userName, ...more });
      assert.equal(created.status, 201, created.text);
      return idOf(created);
    };
    const eventsAbout = async (id: string) => {
      while ((await sequenceSome(world)) > 0);
      const { items } = await listEvents(world, directory.organizationId, { order: 'newest', limit: 1000 });
      return items.filter(({ subject }) => subject.id === id).map(({ type, data }) => ({ type, data }));
    };

    test('RFC 7644 §3.3: POST answers 201 with Location, ETag and the whole user', async () => {
      const sent = { schemas: [userUrn], userName: 'Mara@Tenant.Example', externalId: 'mara', displayName: 'Mara Oja' };
      const { status, headers, body } = await directory.send('POST', '/Users', sent);
      const location = `${directory.tenantUrl}/Users/${String(body['id'])}`;
      assert.equal(status, 201);
      assert.equal(headers.get('location'), location);
      assert.equal(headers.get('etag'), 'W/"1"');
      assert.deepEqual(body, {
        ...sent,
        id: body['id'],
        active: true,
        meta: {
          resourceType: 'User',
          created: new Date(world.clock.now).toISOString(),
          lastModified: new Date(world.clock.now).toISOString(),
          location,
          version: 'W/"1"',
        },
      });
      assert.deepEqual((await directory.get(`/Users/${idOf({ body, status, headers, text: '' })}`)).body, body);
    });

    test('RFC 7643 §4.1.1: a user name is taken whatever its case', async () => {
      await create('Straße@x.example');
      const again = await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'STRAßE@X.EXAMPLE' });
      assert.equal(again.status, 409);
      assert.deepEqual(again.body, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '409',
        scimType: 'uniqueness',
        detail: 'userName "STRAßE@X.EXAMPLE" is already in use in this directory',
      });
    });

    test('a user cannot be renamed to a name that is taken, by PATCH or PUT; nothing changes', async () => {
      await create('taken');
      const id = await create('renamed');
      const patch = patchOf({ op: 'replace', value: { title: 'CEO', userName: 'TAKEN' } });
      assert.equal((await directory.send('PATCH', `/Users/${id}`, patch)).status, 409);
      const put = await directory.send('PUT', `/Users/${id}`, { schemas: [userUrn], userName: 'taken' });
      assert.equal(put.body['scimType'], 'uniqueness');
      const { body } = await directory.get(`/Users/${id}`);
      assert.equal(body['userName'], 'renamed');
      assert.equal(body['title'], undefined);
    });

    test('a user may change the case of its own name', async () => {
      const id = await create('case');
      const { status, body } = await directory.send(
        'PATCH',
        `/Users/${id}`,
        patchOf({ op: 'replace', path: 'userName', value: 'CASE' }),
      );
      assert.equal(status, 200);
      assert.equal(body['userName'], 'CASE');
    });

    test('PATCH moves version and lastModified, and only when something changes', async () => {
      const id = await create('moving', { title: 'A' });
      const patch = patchOf({ op: 'replace', path: 'title', value: 'B' });
      const first = await directory.send('PATCH', `/Users/${id}`, patch);
      const second = await directory.send('PATCH', `/Users/${id}`, patch);
      assert.equal(first.headers.get('etag'), 'W/"2"');
      assert.deepEqual(second.body, first.body);
      assert.deepEqual(
        (await eventsAbout(id)).map(({ type }) => type),
        ['user.updated', 'user.created'],
      );
    });

    test('whoever was changed is found by what he became, no more by what he was, and shown with it', async () => {
      const sorted = { displayName: 'Åsa Before', externalId: 'ext-before' };
      const id = await create('became', { ...sorted, emails: [{ value: 'before@x.example', primary: true }] });
      const became = {
        displayName: 'ÅSA After',
        externalId: 'ext-after',
        'emails[primary eq true].value': 'after@x.example',
      };
      await directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'replace', value: became }));
      const found = async (filter: string) =>
        resourcesOf(await directory.get(`/Users?filter=${encodeURIComponent(filter)}&attributes=id`)).map(
          (one) => one['id'],
        );
      for (const [before, after] of [
        ['displayName eq "åsa before"', 'displayName eq "åsa after"'],
        ['externalId eq "ext-before"', 'externalId eq "ext-after"'],
        ['emails.value eq "before@x.example"', 'emails.value eq "after@x.example"'],
      ] as const) {
        assert.deepEqual(await found(before), []);
        assert.deepEqual(await found(after), [id]);
      }
      const { items } = await pageOfUsers(world, directory.organizationId, directory.id, { limit: 1000 });
      const shown = items.find((user) => user.id === id);
      assert.deepEqual([shown?.displayName, shown?.email], ['ÅSA After', 'after@x.example']);
    });

    test('an event tells what changed', async () => {
      const id = await create('told', { externalId: 'told-1', title: 'A' });
      await directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'title', value: 'B' }));
      const [updated, created] = await eventsAbout(id);
      assert.deepEqual(updated, {
        type: 'user.updated',
        data: { directory: 'contoso', externalId: 'told-1', changes: [{ path: 'title', before: 'A', after: 'B' }] },
      });
      assert.deepEqual(created?.data, { directory: 'contoso', externalId: 'told-1', active: true });
    });

    test('switching off and on are events of their own', async () => {
      const id = await create('switched');
      await directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', path: 'active', value: 'False' }));
      await directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'replace', value: { active: true, title: 'Back' } }));
      const events = await eventsAbout(id);
      const types = events.map(({ type }) => type);
      assert.deepEqual(types.slice(0, 2).sort(), ['user.reactivated', 'user.updated']);
      assert.deepEqual(types.slice(2), ['user.deactivated', 'user.created']);
      assert.equal(typeof events[2]?.data['ms'], 'number');
    });

    test('who is switched off stays so where active is left out of a PUT or removed', async () => {
      const id = await create('off', { active: false });
      const put = await directory.send('PUT', `/Users/${id}`, { schemas: [userUrn], userName: 'off', title: 'x' });
      assert.equal(put.body['active'], false);
      const removed = await directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'remove', path: 'active' }));
      assert.equal(removed.body['active'], false);
      assert.equal(removed.headers.get('etag'), 'W/"2"');
    });

    test('RFC 7644 §3.5.2.2: active can be removed from somebody who is switched on, who stays so', async () => {
      const id = await create('unsaid');
      const removed = await directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'remove', path: 'active' }));
      assert.equal(removed.body['active'], undefined);
      assert.equal((await directory.find('/Users', `id eq "${id}" and active eq true`)).body['totalResults'], 0);
      assert.ok(!(await eventsAbout(id)).some(({ type }) => type === 'user.deactivated'));
    });

    test('RFC 7644 §3.5.1: PUT replaces, clears what is left out, keeps id and created', async () => {
      const id = await create('replaced', { externalId: 'r', title: 'A', nickName: 'rep' });
      const { status, body } = await directory.send('PUT', `/Users/${id}`, {
        schemas: [userUrn],
        id: 'other',
        userName: 'replaced',
        title: 'B',
        meta: { created: '1999-01-01T00:00:00Z' },
      });
      assert.equal(status, 200);
      assert.deepEqual(
        [body['id'], body['title'], body['nickName'], body['externalId']],
        [id, 'B', undefined, undefined],
      );
      assert.equal((await directory.find('/Users', 'nickName eq "rep"')).body['totalResults'], 0);
    });

    test('RFC 7644 §3.5.1: PUT never creates', async () => {
      const { status } = await directory.send('PUT', '/Users/nobody', { schemas: [userUrn], userName: 'nobody' });
      assert.equal(status, 404);
    });

    test('RFC 7644 §3.6: DELETE is 204, then 404 everywhere; the name is free again', async () => {
      const id = await create('gone', { externalId: 'gone-1', title: 'Gone' });
      const first = await directory.send('DELETE', `/Users/${id}`);
      assert.deepEqual([first.status, first.text], [204, '']);
      assert.equal((await directory.send('DELETE', `/Users/${id}`)).status, 404);
      assert.equal((await directory.get(`/Users/${id}`)).status, 404);
      assert.equal((await directory.send('PATCH', `/Users/${id}`, patchOf())).status, 404);
      assert.equal((await directory.find('/Users', 'title eq "Gone"')).body['totalResults'], 0);
      assert.notEqual(await create('gone'), id);
    });

    test('RFC 7644 §3.14: If-Match decides, If-None-Match spares the answer', async () => {
      const id = await create('matched');
      const patch = (version: string, title: string) =>
        directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'add', path: 'title', value: title }), {
          'if-match': version,
        });
      assert.equal((await patch('W/"7"', 'A')).status, 412);
      assert.equal((await patch('W/"1"', 'A')).status, 200);
      assert.equal((await patch('"2"', 'B')).status, 200);
      assert.equal((await patch('*', 'C')).status, 200);
      const get = (version: string) => directory.send('GET', `/Users/${id}`, undefined, { 'if-none-match': version });
      const known = await get('W/"4"');
      assert.deepEqual([known.status, known.text, known.headers.get('etag')], [304, '', 'W/"4"']);
      assert.equal((await get('W/"3"')).status, 200);
      assert.equal((await directory.send('DELETE', `/Users/${id}`, undefined, { 'if-match': '"1"' })).status, 412);
      const put = { schemas: [userUrn], userName: 'matched' };
      assert.equal((await directory.send('PUT', `/Users/${id}`, put, { 'if-match': '"1"' })).status, 412);
      assert.equal((await directory.send('DELETE', `/Users/${id}`, undefined, { 'if-match': '"4"' })).status, 204);
    });

    test('RFC 7643 §4.1.1: a password is taken and kept nowhere', async () => {
      const id = await create('secretive', { password: 'Tr0ub4dor' });
      const patched = await directory.send(
        'PATCH',
        `/Users/${id}`,
        patchOf({ op: 'replace', path: 'password', value: 'c0rrect horse' }),
      );
      assert.equal(patched.status, 200);
      assert.equal(patched.body['password'], undefined);
      assert.equal(patched.headers.get('etag'), 'W/"1"');
      assert.equal((await directory.find('/Users', 'password eq "Tr0ub4dor"')).body['scimType'], 'invalidFilter');
    });

    test('RFC 7644 §3.9: attributes and excludedAttributes, on every answer', async () => {
      const sent = { schemas: [userUrn], userName: 'shown', title: 'T', name: { givenName: 'G', familyName: 'F' } };
      const created = await directory.send('POST', '/Users?attributes=name.givenName', sent);
      const id = idOf(created);
      assert.deepEqual(created.body, { schemas: [userUrn], id, name: { givenName: 'G' } });
      const got = await directory.get(`/Users/${id}?excludedAttributes=name,meta,active,id`);
      assert.deepEqual(got.body, { schemas: [userUrn], id, userName: 'shown', title: 'T' });
      const both = await directory.get(`/Users/${id}?attributes=title&excludedAttributes=name`);
      assert.deepEqual([both.status, both.body['scimType']], [400, 'invalidValue']);
    });
  });
}
