import { ControlError } from '../control/control-error.ts';
import { type Exchange, header } from '../http/exchange.ts';

/**
 * Keeps pages of other sites from driving the control API: a browser says by Sec-Fetch-Site or Origin where a request comes
 * from (Fetch Metadata Request Headers; RFC 6454). Programs send neither. Throws ControlError 403.
 */
export function checkSameSite(exchange: Exchange): void {
  if (exchange.method === 'GET' || exchange.method === 'HEAD') return;
  const [site, origin] = [header(exchange, 'sec-fetch-site'), header(exchange, 'origin')];
  const isOwn =
    site === undefined ? origin === undefined || origin === exchange.origin : ['same-origin', 'none'].includes(site);
  if (!isOwn) throw new ControlError(403, 'crossSite', 'A page of another site can not drive the simulator');
}
