import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser, visible } from './browser.ts';
import { post } from './local.ts';
import { first, type Stage, setStage } from './stage.ts';

describe('an address that has to wait', () => {
  let stage: Stage;
  before(async () => {
    const outside = { PORTICO_UNFINISHED_SIGN_INS: '10' };
    stage = await setStage('sqlite', { outside, settings: { linkable: true } });
  });
  after(() => stage.close());

  test('what was begun on /me leads back there, says when to try again, and the page works meanwhile', async () => {
    const { browser } = await stage.signIn(first(stage.people));
    const start = `${stage.url}/oauth/login/${stage.connection}`;
    for (let count = 0; count < 12; count++) await openBrowser().ask(start);
    const stopped = await post(stage, '/me/links/add', { connection: stage.connection }, { browser });
    assert.equal(stopped.status, 429);
    const seconds = Number(stopped.headers.get('retry-after'));
    assert.ok(seconds >= 1 && seconds <= 600, String(seconds));
    assert.match(
      visible(stopped.html),
      /Wait (\d+ seconds|a minute|\d+ minutes), then try again\. Back to your account$/,
    );
    assert.match(stopped.html, /<a class="button" href="\/me">/);
    assert.equal((await browser.ask(`${stage.url}/me`)).status, 200);

    const anew = await browser.ask(`${start}?prompt=login`);
    assert.deepEqual([anew.status, anew.headers.has('retry-after')], [429, true]);
    assert.match(anew.html, /<a class="button" href="\/login">Start again<\/a>/);
    assert.equal(
      (await browser.ask(`${stage.url}/login`)).headers.get('location'),
      '/me',
      'which leads who is signed in to it',
    );
  });
});
