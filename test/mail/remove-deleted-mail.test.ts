import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteConnection, pauseConnection } from '#connections';
import { byItself } from '#events';
import { removeDeletedMail } from '#mail';
import { dialects } from '../world.ts';
import { openPostOffice } from './post-office.ts';

const kept = [
  'select count(*) as count from mailbox',
  'select count(*) as count from message',
  'select count(*) as count from message_body',
  'select count(*) as count from message_attempt',
];

for (const dialect of dialects) {
  test(`mail of a deleted connection is removed, bodies and attempts included (${dialect})`, async () => {
    const office = await openPostOffice(dialect, { receive: true });
    const { world, organizationId, connectionId } = office;
    const work = { kind: 'mail.tidy', organizationId, subject: connectionId, attempts: 1 };
    const counts = () =>
      Promise.all(
        kept.map(async (sql) => {
          const [row] = await world.store.read({ name: '', compile: () => ({ sql, takes: [], bind: () => [] }) }, {});
          return Number(new Map(Object.entries(Object(row))).get('count'));
        }),
      );
    try {
      await office.deliver({ subject: 'arrived' });
      await office.work('mail.receive');
      for (let index = 0; index < 120; index++) await office.send({ subject: `number ${index}` });
      await office.work('mail.send');
      assert.deepEqual(await removeDeletedMail(world, work), { again: 3_600_000 });
      assert.deepEqual(await counts(), [1, 121, 121, 120]);
      await pauseConnection(world, byItself, organizationId, connectionId);
      await deleteConnection(world, byItself, organizationId, connectionId, undefined);
      assert.equal(await removeDeletedMail(world, work), undefined);
      assert.deepEqual(await counts(), [0, 0, 0, 0]);
      assert.equal(await office.work('mail.send'), undefined);
      assert.equal(await office.work('mail.receive'), undefined);
    } finally {
      await office.close();
    }
  });
}
