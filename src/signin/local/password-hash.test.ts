import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openBrowser, visible } from '../../../test/signin/browser.ts';
import { addPersonWithPassword, allowLocal, goodPassword, post, tryPassword } from '../../../test/signin/local.ts';
import { type Stage, setStage } from '../../../test/signin/stage.ts';
import { passwordHasherOf } from './password-hash.ts';

let stage: Stage;
before(async () => {
  stage = await setStage('sqlite');
  await allowLocal(stage);
  await addPersonWithPassword(stage, 'queue@elsewhere.example');
});
after(() => stage.close());

/** Keeps the queue full while the work is done: more than may run and wait, and each that is done comes again at once. */
async function flooded<T>(work: () => Promise<T>): Promise<T> {
  const hasher = passwordHasherOf(stage.world);
  const quick = `$argon2id$v=19$m=8,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  let isOver = false;
  const flood = Array.from({ length: 120 }, async () => {
    while (!isOver) await hasher.verify('a guess', quick).catch(() => setTimeout(1));
  });
  await setTimeout(5);
  const result = await work();
  isOver = true;
  await Promise.all(flood);
  return result;
}

test('attack: a flood of passwords: those of /login and /me wait in one queue, and both pages say that it is full', async () => {
  const browser = openBrowser();
  await tryPassword(stage, 'queue@elsewhere.example', goodPassword, browser);
  const set = () => post(stage, '/me/passkeys/password', { password: 'another one, as long' }, { browser });
  const [login, me] = await flooded(async () => [
    await tryPassword(stage, 'queue@elsewhere.example', goodPassword),
    await set(),
  ]);
  assert.deepEqual([login?.status, me?.status], [503, 503]);
  assert.match(visible(login?.html ?? ''), /Too many people sign in at this moment/);
  assert.match(visible(me?.html ?? ''), /Too many people set or enter a password at this moment/);
  assert.equal((await set()).headers.get('location'), '/me?said=passkeys.changed');
});
