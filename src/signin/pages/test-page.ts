import type { SignInTest } from '#contract';
import { html, pageResponse } from '#http';

/** What a test sign-in showed, for whoever did it. */
export function testPage(connectionName: string, test: SignInTest): Promise<Response> {
  const { state, wouldDo, refusal, claims } = test;
  const title = state === 'passed' ? 'The sign-in works' : 'The sign-in was refused';
  return pageResponse({
    title,
    wide: true,
    body: html`<h1>${title}</h1>
<p class="soft">Test of ${connectionName}. Nothing was created: no account, no session.</p>
${
  refusal === null
    ? ''
    : html`<h2>${state === 'passed' ? 'But this person would not get in' : 'Why'}</h2>
<p class="bad">${refusal.code === null ? '' : `${refusal.code}: `}${refusal.meaning}</p><p>${refusal.remedy}</p>`
}
${
  wouldDo.length === 0
    ? ''
    : html`<h2>What a real sign-in would do</h2>
<table>${wouldDo.map(
        ({ question, answer, good }) =>
          html`<tr><th scope="row">${question}</th><td class="${good ? '' : 'bad'}">${good ? '' : '⚠ '}${answer}</td></tr>`,
      )}</table>`
}
${claims === null ? '' : html`<h2>Claims of the id token</h2><pre>${JSON.stringify(claims, null, 2)}</pre>`}
<p class="soft">You can close this page; the console shows the same.</p>`,
  });
}
