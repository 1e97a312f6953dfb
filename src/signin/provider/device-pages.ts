import type { KoaContextWithOIDC } from 'oidc-provider';
import { type Html, html } from '#http';
import type { World } from '#store';
import { showPage } from './show-page.ts';

/** The hidden value of the library's form by which it knows its own page again. */
const xsrfOf = (form: string): string => /name="xsrf" value="([^"]*)"/.exec(form)?.[1] ?? '';

/** The pages of the device flow (RFC 8628 §3.3), in the look of the sign-in. `guessed` is told of every code that is none. */
export const devicePages = (world: Pick<World, 'config'>, guessed: (ctx: KoaContextWithOIDC) => void) => ({
  userCodeInputSource: async (
    ctx: KoaContextWithOIDC,
    form: string,
    _out?: unknown,
    error?: Error & { userCode?: string },
  ): Promise<void> => {
    if (error?.name === 'NotFoundError') guessed(ctx);
    const given = error?.userCode ?? '';
    await showPage(ctx, {
      title: 'Connect a device',
      body: html`<h1>Connect a device</h1>
<p>Enter the code that the device or the command line shows.</p>
<form method="post" action="${ctx.oidc.urlFor('code_verification')}">
<input type="hidden" name="xsrf" value="${xsrfOf(form)}">
<label for="user_code">Code</label>
<input id="user_code" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus maxlength="40" value="${given}"${
        error === undefined ? '' : html` aria-invalid="true" aria-describedby="fault"`
      }>
${error === undefined ? '' : html`<p id="fault" class="bad" role="alert">${faultWords(error)}</p>`}
<button>Next</button>
</form>`,
    });
  },
  userCodeConfirmSource: async (
    ctx: KoaContextWithOIDC,
    form: string,
    client: { clientName?: string | undefined; clientId: string },
    device: Record<string, unknown>,
    userCode: string,
  ): Promise<void> => {
    const name = client.clientName ?? client.clientId;
    await showPage(ctx, {
      title: `Connect ${name}?`,
      // Whoever is not signed in goes on to whoever signs them in.
      formTargets: ['https:', ...[world.config.simulatorUrl ?? []].flat()],
      body: html`<h1>Connect ${name}?</h1>
<p>Whoever holds the device gets into <strong>${name}</strong> as you. Go on only if you started this yourself, a moment ago, and the device shows this code:</p>
<h2><code id="user-code">${userCode}</code></h2>
<p class="bad">Did somebody send you this code or address? Then do not go on: it would let them in as you.</p>
${askedFrom(device)}
<form method="post" action="${ctx.oidc.urlFor('code_verification')}">
<input type="hidden" name="xsrf" value="${xsrfOf(form)}">
<input type="hidden" name="user_code" value="${userCode}">
<button name="confirm" value="yes">It was me: connect</button>
<button name="abort" value="yes" class="quiet">It was not me</button>
</form>`,
    });
  },
  successSource: async (ctx: KoaContextWithOIDC): Promise<void> => {
    const name = ctx.oidc.client?.clientName ?? 'The device';
    await showPage(ctx, {
      title: 'Connected',
      body: html`<h1>Connected</h1>
<p>${name} goes on by itself in a moment. You can close this page.</p>`,
    });
  },
});

/** What the device told of itself when it asked: for the person to recognize, not to be trusted. */
function askedFrom(device: Record<string, unknown>): Html | '' {
  const { ip, ua } = device;
  return typeof ip === 'string'
    ? html`<p class="soft">Asked from ${ip}${typeof ua === 'string' && ua !== '' ? html`, by ${ua.slice(0, 120)}` : ''}.</p>`
    : '';
}

function faultWords({ name }: Error): string {
  switch (name) {
    case 'ExpiredError':
      return 'This code is over. Start again at the device.';
    case 'AlreadyUsedError':
      return 'This code was used already. Start again at the device.';
    case 'AbortedError':
      return 'Nothing was connected.';
    case 'NoCodeError':
      return 'Enter the code.';
    case 'NotFoundError':
      return 'There is no such code. Check it for a slip.';
    default:
      return 'That did not work. Start again at the device.';
  }
}
