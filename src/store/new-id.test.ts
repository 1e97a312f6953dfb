import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idAt, newId } from './new-id.ts';

test('RFC 9562 §5.7: an id is a UUIDv7 of its millisecond', () => {
  const id = newId(Date.UTC(2026, 10, 21));
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), Date.UTC(2026, 10, 21));
});

test('RFC 9562 §6.2: ids of one millisecond grow, so that the events of one transaction keep their order', () => {
  const ids = Array.from({ length: 10_000 }, () => newId(1_795_000_000_000));
  assert.deepEqual(ids, ids.toSorted());
  assert.equal(new Set(ids).size, ids.length);
});

test('ids go on growing while the clock is set back a little', () => {
  const now = 1_796_000_000_000;
  const ids = [now, now - 3, now - 2000, now, now + 1].map(newId);
  assert.deepEqual(ids, ids.toSorted());
  assert.ok(newId(now - 86_400_000) < (ids[0] ?? ''));
});

test('an id of the past, such as that of a cycle that began a minute ago, does not disorder those of now', () => {
  const now = 1_797_000_000_000;
  const ids = Array.from({ length: 20 }, () => {
    assert.equal(
      Number.parseInt(
        idAt(now - 60_000)
          .replaceAll('-', '')
          .slice(0, 12),
        16,
      ),
      now - 60_000,
    );
    return newId(now);
  });
  assert.deepEqual(ids, ids.toSorted());
});
