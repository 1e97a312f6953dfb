import { cleanPaste } from './clean-paste.ts';
import { personalTenantId } from './clouds.ts';
import type { EntraError } from './entra-error.ts';
import { resources } from './permissions.ts';

/** A pasted value that cannot be what its field wants: what it looks like, and a sentence that says what to paste instead. */
export interface InputFault {
  readonly field: 'clientId' | 'clientSecret' | 'tenant' | 'startingPoint';
  readonly looksLike: InputShape;
  readonly message: string;
}

/** The shapes that a pasted value is recognised by. */
export type InputShape =
  | 'nothing'
  | 'guid'
  | 'url'
  | 'application id uri'
  | 'domain'
  | 'e-mail address'
  | 'secret id'
  | 'secret value'
  | 'masked secret'
  | 'thumbprint'
  | 'token'
  | 'key file'
  | 'tenant id'
  | 'client id'
  | 'object id'
  | 'resource id'
  | 'template'
  | 'portal page'
  | 'unknown host'
  | 'several values'
  | 'unknown';

/** The cleaned value, or why it is not one. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: InputFault };

/** Checks a pasted Application (client) ID; answers it in lower case. `tenantId`, where known, catches the neighbouring line. */
export function checkClientId(text: string, known: { readonly tenantId?: string } = {}): Checked<string> {
  const value = cleanPaste(text);
  const fault = (looksLike: InputShape, said: string): Checked<string> => ({
    ok: false,
    fault: {
      field: 'clientId',
      looksLike,
      message: `${said}; paste the Application (client) ID, a GUID on the Overview page of the app registration`,
    },
  });
  if (value === '') return fault('nothing', 'there is nothing here');
  if (value.toLowerCase().startsWith('api://')) return fault('application id uri', 'this is the Application ID URI');
  if (looksLikeUrl(value)) return fault('url', 'this is a URL');
  const guid = soleGuid(value);
  if (guid !== undefined) {
    if (guid === known.tenantId?.toLowerCase()) return fault('tenant id', 'this is the Directory (tenant) ID');
    const resource = Object.values(resources).find(({ appId }) => appId === guid);
    if (resource) return fault('resource id', `this is the id of ${resource.title} itself`);
    if (/^[0-]+$/.test(guid)) return fault('unknown', 'this is a GUID of zeros only');
    return { ok: true, value: guid };
  }
  if (looksLikeEmail(value)) return fault('e-mail address', 'this is an e-mail address');
  if (looksLikeDomain(value)) return fault('domain', 'this is a domain');
  if (looksLikeSecret(value)) return fault('secret value', 'this looks like a client secret');
  return fault('unknown', 'this is not a GUID');
}

/**
 * Checks a pasted client secret. Entra's values have 16–64 characters without blanks (Graph addPassword); the message
 * never repeats what was pasted.
 */
export function checkClientSecret(text: string): Checked<string> {
  const value = cleanPaste(text);
  const fault = (looksLike: InputShape, said: string): Checked<string> => ({
    ok: false,
    fault: { field: 'clientSecret', looksLike, message: said },
  });
  const where = 'the column Value under Certificates & secrets';
  if (value === '') return fault('nothing', `there is nothing here; paste the secret's Value, from ${where}`);
  if (soleGuid(value) !== undefined && value.length < 40) {
    return fault('secret id', 'this is the Secret ID (a GUID); paste the Value, in the column before it');
  }
  if (/-----BEGIN [A-Z ]+-----/.test(value)) {
    return fault('key file', `this is a certificate or key file; paste the secret's Value, from ${where}`);
  }
  if (/\*{3,}|[•●∙]{3,}|(…|\.{3})$/.test(value)) {
    return fault(
      'masked secret',
      'this is a masked value: Entra shows a secret only once, just after it was made; make a new client secret and copy its Value before leaving the page',
    );
  }
  if (looksLikeUrl(value)) return fault('url', `this is a URL; paste the secret's Value, from ${where}`);
  if (/^eyJ[\w-]+\.[\w-]+(\.[\w-]*)*$/.test(value)) {
    return fault('token', `this is a token (JWT); paste the secret's Value, from ${where}`);
  }
  if (/^([0-9a-f]{40}|[0-9a-f]{64}|([0-9a-f]{2}[: ]){19,31}[0-9a-f]{2})$/i.test(value)) {
    return fault('thumbprint', `this is a certificate's thumbprint; paste the secret's Value, from ${where}`);
  }
  if (value.includes(' ')) {
    return fault('several values', `there are blanks inside, so more than the Value was copied; copy only ${where}`);
  }
  if (value.length < 16 || value.length > 64) {
    return fault(
      'unknown',
      `a secret's Value has 16 to 64 characters, this has ${value.length}; copy it whole, from ${where}`,
    );
  }
  return { ok: true, value };
}

/** Checks a pasted Directory (tenant) ID or a domain of the tenant; answers it in lower case. */
export function checkTenant(text: string, known: { readonly clientId?: string } = {}): Checked<string> {
  const value = cleanPaste(text);
  const fault = (looksLike: InputShape, said: string): Checked<string> => ({
    ok: false,
    fault: {
      field: 'tenant',
      looksLike,
      message: `${said}; paste the Directory (tenant) ID from the Overview page, or a domain of the tenant`,
    },
  });
  if (value === '') return fault('nothing', 'there is nothing here');
  if (looksLikeUrl(value)) {
    const tenant = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(value)?.[0];
    return fault(
      'url',
      tenant ? `this is a URL (the tenant id in it may be ${tenant.toLowerCase()})` : 'this is a URL',
    );
  }
  const guid = soleGuid(value);
  if (guid !== undefined) {
    if (guid === known.clientId?.toLowerCase()) return fault('client id', 'this is the Application (client) ID');
    if (guid === personalTenantId) return fault('tenant id', 'this is the tenant of personal Microsoft accounts');
    return { ok: true, value: guid };
  }
  if (looksLikeEmail(value)) return fault('e-mail address', 'this is an e-mail address');
  if (looksLikeDomain(value)) return { ok: true, value: value.toLowerCase() };
  if (looksLikeSecret(value)) return fault('secret value', 'this looks like a client secret');
  return fault('unknown', 'this is neither a GUID nor a domain');
}

/**
 * What Entra's refusal of a client id most often means: an object id looks just like a client id, and only asking
 * tells them apart (AADSTS700016, AADSTS700038). Undefined where the refusal was about something else.
 */
export function explainClientIdRefusal(error: EntraError, tenant: string): InputFault | undefined {
  if (!error.codes.includes(700016) && !error.codes.includes(700038)) return undefined;
  return {
    field: 'clientId',
    looksLike: 'object id',
    message: `Entra knows no application with this Application (client) ID in tenant ${tenant}: did you copy the Object ID, or the id of an app in another tenant? Both lines are on the Overview page; the first is the one to paste`,
  };
}

/** The one GUID in a text that holds nothing else but braces, `urn:uuid:` or the label copied along; in lower case. */
export function soleGuid(text: string): string | undefined {
  const found = text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? [];
  const guid = found[0];
  if (guid === undefined || found.length !== 1) return undefined;
  const rest = text.replace(guid, '');
  return /^(?:\{\}|urn:uuid:|[A-Za-z ()]*:? ?)$/i.test(rest) ? guid.toLowerCase() : undefined;
}

/** Says whether a text is a DNS name with at least two labels. */
export function looksLikeDomain(text: string): boolean {
  return text.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i.test(text);
}

/** Says whether a text is an e-mail address or user principal name. */
export function looksLikeEmail(text: string): boolean {
  return /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(text);
}

/** Says whether a text is an address of the web, with its scheme or without. */
export function looksLikeUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?\/\S*/i.test(text);
}

function looksLikeSecret(text: string): boolean {
  return text.length >= 16 && text.length <= 64 && /\d/.test(text) && /[A-Za-z]/.test(text) && /[~._-]/.test(text);
}
