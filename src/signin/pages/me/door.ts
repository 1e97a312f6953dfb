import type { EntraWorld } from '#connections';
import { html, isOwnOrigin, pageResponse, readText, type Source } from '#http';
import { sessionOfRequest } from '../../sessions/session.ts';
import { withFailurePage } from '../failure-page.ts';
import { addressToAuthenticate, authenticatedLately } from './authenticate-again.ts';
import type { Asked } from './section.ts';
import { sections } from './sections.ts';

const formLimit = 16_000;

/**
 * Answers `/me`: the page of the person who is signed in, made of sections. Whatever changes something is a form of the page,
 * posted by the page itself.
 */
export function createMeDoor(world: EntraWorld): (request: Request, source: Source) => Promise<Response> {
  return withFailurePage(world, async (request, source) => {
    const url = new URL(request.url);
    const [, , name, action, ...rest] = url.pathname.split('/');
    const session = await sessionOfRequest(world, request.headers);
    if (session === undefined) return redirect('/login');
    const asked: Asked = { world, request, source, session, lately: authenticatedLately(world, session) };
    if (name === undefined || name === '') return showPage(asked, url.searchParams.get('said') ?? '');
    const section = rest.length === 0 ? sections.find((it) => it.name === name) : undefined;
    const act = Object.entries(section?.actions ?? {}).find(([key]) => key === action)?.[1];
    if (act === undefined) return refusal(404, 'There is nothing here', 'The page that you want is your account.');
    if (request.method !== 'POST') return redirect('/me');
    if (!isOwnOrigin(request, world.config.url))
      return refusal(403, 'Not from here', 'What changes something has to be done on the page of your account itself.');
    const done = await act(asked, new URLSearchParams(await readText(request, formLimit)));
    if (done instanceof Response) return done;
    return redirect(done === 'authenticate' ? addressToAuthenticate(session) : `/me?said=${name}.${done.said}`);
  });
}

async function showPage(asked: Asked, said: string): Promise<Response> {
  const [name, what = ''] = said.split('.');
  const says = sections.find((it) => it.name === name)?.says ?? {};
  const words = Object.entries(says).find(([key]) => key === what)?.[1];
  const parts = await Promise.all(sections.map((section) => section.show(asked)));
  return pageResponse({
    title: 'Your account',
    wide: true,
    formTargets: formTargets(asked),
    body: html`<h1>Your account</h1>
${words === undefined ? '' : html`<p role="status"><strong>${words}</strong></p>`}
${parts.filter((part) => part !== undefined)}`,
  });
}

/** A form can lead to a new sign-in, at Microsoft or behind it, and browsers hold it to the page's policy all the way. */
const formTargets = ({ world }: Asked): string[] =>
  ['https:', world.config.simulatorUrl].flatMap((it) => (it === undefined ? [] : [it]));

const refusal = (status: number, title: string, text: string): Promise<Response> =>
  pageResponse({
    title,
    status,
    body: html`<h1>${title}</h1><p>${text}</p><a class="button" href="/me">Your account</a>`,
  });

const redirect = (location: string): Response =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
