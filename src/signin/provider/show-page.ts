import type { KoaContextWithOIDC } from 'oidc-provider';
import { type Html, pageResponse } from '#http';

/** Answers with a page of ours. */
export async function showPage(
  ctx: Pick<KoaContextWithOIDC, 'set' | 'status' | 'body'>,
  page: { title: string; body: Html; formTargets?: readonly string[]; script?: string },
): Promise<void> {
  const answer = await pageResponse(page);
  for (const [name, value] of answer.headers) ctx.set(name, value);
  ctx.status = answer.status;
  ctx.body = await answer.text();
}
