import type { KoaContextWithOIDC } from 'oidc-provider';
import { html, raw } from '#http';
import type { World } from '#store';
import type { ProviderPages } from './configuration.ts';
import { formTargetOf } from './consent-page.ts';
import { devicePages } from './device-pages.ts';
import type { NotOpen } from './load-grant.ts';
import { showPage } from './show-page.ts';

/** Our own pages where the provider has to show something itself. `accountOf` tells who is signed in in the browser. */
export function providerPages(
  world: Pick<World, 'config'>,
  requestIdOf: (ctx: KoaContextWithOIDC) => string,
  guessed: (ctx: KoaContextWithOIDC) => void,
  accountOf: (ctx: KoaContextWithOIDC) => Promise<string | undefined>,
): ProviderPages {
  return {
    device: devicePages(world, guessed),
    renderError: async (ctx, { error, error_description: description }, cause) => {
      if (isNotOpen(cause)) return showNotOpen(ctx, cause, requestIdOf(ctx));
      const { status } = ctx;
      await showPage(ctx, {
        title: 'That did not work',
        body: html`<h1>That did not work</h1>
<p>The product sent a request that cannot be answered, or that is over. Go back to the product and sign in again.</p>
<p class="soft">If you ask for help, quote <code>${requestIdOf(ctx)}</code>.</p>
<details><summary>For developers</summary><table>
<tr><th scope="row">error</th><td>${error}</td></tr>
<tr><th scope="row">error_description</th><td>${String(description ?? '')}</td></tr>
</table></details>`,
      });
      ctx.status = status;
    },
    logout: {
      logoutSource: async (ctx, form) => {
        const { oidc } = ctx;
        const hint = oidc.entities['IdTokenHint'] as { payload?: { sub?: string } } | undefined;
        // A product that shows whom it signs out, with the id token it got, need not have it confirmed.
        const asked = hint?.payload?.sub !== undefined && hint.payload.sub === (await accountOf(ctx));
        await showPage(ctx, {
          title: 'Sign out',
          formTargets: formTargetOf(String(oidc.params?.['post_logout_redirect_uri'] ?? '')),
          ...(asked ? { script: `document.getElementById('op.logoutForm').submit()` } : {}),
          body: html`<h1>${asked ? 'Signing you out' : 'Do you want to sign out?'}</h1>
<p>${asked ? 'This takes a moment.' : 'You will be signed out of every product that you signed in to here.'}</p>
${raw(asked ? form.replace('</form>', '<input type="hidden" name="logout" value="yes"/></form>') : form)}
<button form="op.logoutForm" name="logout" value="yes" autofocus>${asked ? 'Continue' : 'Sign out'}</button>
${asked ? '' : html`<button form="op.logoutForm" class="quiet">Stay signed in</button>`}`,
        });
      },
      postLogoutSuccessSource: async (ctx) => {
        ctx.status = 303;
        ctx.redirect('/login?signed-out');
      },
    },
  };
}

const isNotOpen = (error: unknown): error is Error & NotOpen => error instanceof Error && 'notOpen' in error;

/** For a person whose organization a product is not open to. */
async function showNotOpen(ctx: KoaContextWithOIDC, { notOpen }: NotOpen, requestId: string): Promise<void> {
  const { client, person } = notOpen;
  await showPage(ctx, {
    title: `${client.name} is not open to your organization`,
    body: html`<h1>${client.name} is not open to your organization</h1>
<p>You are signed in as <strong>${person}</strong>, and the product is for people of other organizations.</p>
<p>If you have an account of another organization, sign out and sign in with that one. Otherwise ask whoever gave you the address.</p>
<a class="button" href="/login">See who is signed in, or sign out</a>
<p class="soft">If you ask for help, quote <code>${requestId}</code>.</p>`,
  });
  ctx.status = 403;
}
