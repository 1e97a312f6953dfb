import type { KoaContextWithOIDC } from 'oidc-provider';
import { type Html, html, pageResponse, raw } from '#http';
import type { ProviderPages } from './configuration.ts';

/** Our own pages where the provider has to show something itself. */
export function providerPages(requestIdOf: (ctx: KoaContextWithOIDC) => string): ProviderPages {
  return {
    renderError: async (ctx, { error, error_description: description }) => {
      const { status } = ctx;
      await show(ctx, {
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
    logoutSource: async (ctx, form) => {
      const { oidc } = ctx;
      const hint = oidc.entities['IdTokenHint'] as { payload?: { sub?: string } } | undefined;
      // A product that shows whom it signs out, with the id token it got, need not have it confirmed.
      const asked = hint?.payload?.sub !== undefined && hint.payload.sub === oidc.session?.accountId;
      const back = URL.parse(String(oidc.params?.['post_logout_redirect_uri'] ?? ''))?.origin;
      await show(ctx, {
        title: 'Sign out',
        formTargets: back === undefined ? [] : [back],
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
  };
}

async function show(
  ctx: KoaContextWithOIDC,
  page: { title: string; body: Html; formTargets?: readonly string[]; script?: string },
): Promise<void> {
  const answer = await pageResponse(page);
  for (const [name, value] of answer.headers) ctx.set(name, value);
  ctx.status = answer.status;
  ctx.body = await answer.text();
}
