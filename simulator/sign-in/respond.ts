import { type Answer, redirect } from '../http/exchange.ts';
import type { Target } from './authorize-request.ts';
import { formPost } from './form-post.ts';

/** Sends parameters to the redirect URI in the response mode asked for, with `state`, of which Entra strips HTML. */
export function respond(target: Target, parameters: Readonly<Record<string, string>>): Answer | Promise<Answer> {
  const state = target.state === null ? {} : { state: target.state.replace(/<[^>]*>/g, '') };
  const values = new URLSearchParams({ ...parameters, ...state });
  const url = new URL(target.redirectUri);
  if (target.responseMode === 'fragment') {
    url.hash = values.toString();
    return redirect(url.href);
  }
  if (target.responseMode === 'form_post') return formPost(target.redirectUri, values);
  for (const [name, value] of values) url.searchParams.set(name, value);
  return redirect(url.href);
}
