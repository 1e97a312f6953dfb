import type { EntraWorld, LiveConnection } from '#connections';
import { html, pageResponse } from '#http';
import type { Interaction } from '../provider/interaction.ts';

/**
 * The sign-in page: asks for the e-mail address, and offers the connections of the organization where it is known. `email` is
 * an address for which there is no connection; the page says so whether or not anybody has it.
 */
export function loginPage(
  world: EntraWorld,
  interaction: Interaction | undefined,
  choices: readonly LiveConnection[],
  email: string | undefined,
): Promise<Response> {
  const action = interaction === undefined ? '/login' : `/login/${interaction.uid}`;
  const query = interaction === undefined ? '' : `?interaction=${interaction.uid}`;
  return pageResponse({
    title: 'Sign in',
    formTargets: formTargets(world, interaction),
    body: html`<h1>Sign in</h1>
<p class="soft">With the account of your organization.</p>
${choices.map(
  ({ id, settings }) => html`<a class="button quiet" href="/oauth/login/${id}${query}">Login to ${settings.name}</a>`,
)}
<form method="post" action="${action}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required autofocus maxlength="320" value="${email ?? ''}"${
      email === undefined ? '' : html` aria-invalid="true" aria-describedby="fault"`
    }>
${
  email === undefined
    ? ''
    : html`<p id="fault" class="bad" role="alert">Nobody signs in here with an address like this one. Check it for a slip, or ask the administrator of your organization.</p>`
}
<button>Next</button>
</form>`,
  });
}

/**
 * Browsers hold a form to `form-action` through every redirect that follows: Microsoft's login host, the organization's own
 * sign-in behind it, whose address nobody here knows, and the product.
 */
function formTargets(world: EntraWorld, interaction: Interaction | undefined): string[] {
  const { simulatorUrl } = world.config;
  const product = URL.parse(interaction?.asked.redirectUri ?? '')?.origin;
  return ['https:', simulatorUrl, product].flatMap((it) => (it === undefined || it === 'null' ? [] : [it]));
}
