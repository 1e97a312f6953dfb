import { BodyTooLarge, html, pageResponse, type Source } from '#http';
import { StoreUnavailable, type World } from '#store';

type Door = (request: Request, source: Source) => Promise<Response>;

/** A door whose failures end on a page: 503 while the database is away, 413 for too much, else 500 with the id to quote. */
export const withFailurePage =
  (world: World, door: Door): Door =>
  async (request, source) => {
    // PostgreSQL takes no text with U+0000, and no address of ours has it.
    if (/%00/.test(request.url)) return page(400, 'Not possible', 'The address is not valid.', source.requestId);
    try {
      return await door(request, source);
    } catch (error) {
      return failurePage(world, error, source.requestId);
    }
  };

/** The page for what went wrong here rather than at the person's side. */
function failurePage(world: World, error: unknown, requestId: string): Promise<Response> {
  if (error instanceof BodyTooLarge)
    return page(413, 'Too much', 'The browser sent more than this page takes.', requestId);
  world.log.error({ error, requestId }, 'a page failed');
  return error instanceof StoreUnavailable
    ? page(503, 'Not available at the moment', 'Wait a moment, then try again.', requestId)
    : page(500, 'That did not work', 'Something failed here. Try again in a moment.', requestId);
}

const page = (status: number, title: string, text: string, requestId: string): Promise<Response> =>
  pageResponse({
    title,
    status,
    body: html`<h1>${title}</h1><p>${text}</p><p class="soft">If you ask for help, quote <code>${requestId}</code>.</p>`,
  });
