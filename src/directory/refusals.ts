import type { ScimError, ScimType } from '#scim';
import type { Exchange } from './exchange.ts';
import { refusedAttribute } from './refused-attribute.ts';

/** One way of refusing: how it is answered, what it means, and what to do, most of it in Entra. */
export interface Refusal {
  status: number;
  scimType?: ScimType;
  means: string;
  /** `{attribute}` stands for the attribute, where the refusal is about one. */
  remedy: string;
}

const mapping = 'In Entra: Provisioning > Attribute mapping';

/** Every way in which the service refuses (RFC 7644 §3.12, RFC 9865 §2.2). The documentation is made from it. */
export const refusals: readonly Refusal[] = [
  {
    status: 400,
    scimType: 'invalidFilter',
    means: 'The filter cannot be read, or names an attribute that there is not.',
    remedy: `${mapping}: give a matching precedence only to userName, externalId or emails[type eq "work"].value, and to {attribute} none.`,
  },
  {
    status: 400,
    scimType: 'tooMany',
    means: 'No index serves the filter or the order, and the directory is too large to look at each.',
    remedy: `${mapping}: match by userName, externalId or emails[type eq "work"].value.`,
  },
  {
    status: 400,
    scimType: 'mutability',
    means: 'The attribute cannot be changed, or cannot be taken away.',
    remedy: `${mapping}: delete the row of {attribute}, or, for a required one, let its source never be empty (Default value if null).`,
  },
  {
    status: 400,
    scimType: 'invalidSyntax',
    means: 'The request is not SCIM 2.0.',
    remedy:
      'Entra does not send such requests: look which client does (token and user agent are recorded). For Entra itself, Provisioning > Provision on demand shows what is sent.',
  },
  {
    status: 400,
    scimType: 'invalidPath',
    means: 'There is no such attribute.',
    remedy: `${mapping}: look for {attribute} among the targets and correct it, or declare it as an extension of this directory. An attribute that should be there: Show advanced options > Edit attribute list.`,
  },
  {
    status: 400,
    scimType: 'noTarget',
    means: 'The path points at a value that is not there.',
    remedy: `${mapping}: look for {attribute} among the targets and write it with eq in its brackets, such as emails[type eq "work"].value; such a value is made where there is none.`,
  },
  {
    status: 400,
    scimType: 'invalidValue',
    means: 'A value is missing, or is not of the attribute’s type.',
    remedy: `${mapping}: look at the source or expression of {attribute}; else correct the value of this person in Entra. Then Provisioning > Provision on demand.`,
  },
  {
    status: 400,
    scimType: 'invalidVers',
    means: 'Another version of the protocol was asked for.',
    remedy:
      'In Entra: Provisioning > Admin credentials: the Tenant URL is /scim/v2/ and the connection, as the connection shows it.',
  },
  {
    status: 400,
    scimType: 'sensitive',
    means: 'The request would put private data into an address.',
    remedy: 'Search by POST to .search instead of GET.',
  },
  {
    status: 400,
    scimType: 'invalidCursor',
    means: 'The cursor is none that was given here.',
    remedy: 'Begin again at the first page; Entra pages by index and is not affected.',
  },
  {
    status: 400,
    scimType: 'expiredCursor',
    means: 'The cursor is too old.',
    remedy: 'Begin again at the first page; Entra pages by index and is not affected.',
  },
  {
    status: 400,
    scimType: 'invalidCount',
    means: 'The count does not fit the cursor.',
    remedy: 'Ask for as many on every page.',
  },
  {
    status: 401,
    means: 'The token is not valid for this Tenant URL.',
    remedy:
      'In Entra: Provisioning > Admin credentials: paste a Secret Token of this connection, Test connection, then Provisioning > Restart provisioning, since Entra has put the job into quarantine.',
  },
  {
    status: 403,
    means:
      'The connection does not provision at present, it was asked what may not be filtered, or an operator dropped the change when the brake held it.',
    remedy:
      'Look at the connection in Portico; a dropped change is refused for a day, and can still be released there.',
  },
  {
    status: 404,
    means: 'There is nothing of this id, or at this address.',
    remedy:
      'It was deleted here, or never created. In Entra: Provisioning > Restart provisioning forgets the ids and looks everybody up anew; for one person, Provision on demand.',
  },
  {
    status: 405,
    means: 'The address does not take this method.',
    remedy: 'Entra does not ask so; check the Tenant URL, and the application that sends it.',
  },
  {
    status: 409,
    scimType: 'uniqueness',
    means: 'Somebody else in the directory has this userName, or another group this displayName.',
    remedy: `If it is the same one: ${mapping.replace('In Entra: ', '')}: give {attribute} a matching precedence, so that Entra finds it instead of creating it. If it is another: change the source of {attribute} in Entra, or delete the other one there for good.`,
  },
  {
    status: 409,
    means: 'The change conflicts with what is there.',
    remedy: 'In Entra: Provisioning > Provision on demand shows whether it still does.',
  },
  {
    status: 412,
    means: 'Somebody else changed it in between.',
    remedy: 'Read it again and repeat. Entra does not ask so.',
  },
  {
    status: 413,
    means: 'The body, or a bulk request, is too large.',
    remedy: 'Send fewer members or operations at a time, or raise PORTICO_BODY_LIMIT.',
  },
  {
    status: 415,
    means: 'The body is not declared to be JSON.',
    remedy: 'Send application/scim+json. Entra does; check the application, or a proxy between.',
  },
  {
    status: 429,
    means: 'Too much at once, or the brake holds what would switch off too many.',
    remedy:
      'Entra tries again by itself. Look at the brake of the directory in Portico, and at Settings > Scope in Entra, if many were to be switched off.',
  },
  {
    status: 500,
    means: 'It failed here.',
    remedy: 'Entra tries again at the next cycle. Look for the request id in the log of Portico.',
  },
  { status: 501, means: 'The service does not offer this.', remedy: 'Entra does not ask for it.' },
  { status: 503, means: 'The database is not available.', remedy: 'Entra tries again by itself.' },
];

/** A refusal as a sentence: why, and what to change where. */
export function describeRefusal(error: ScimError, exchange: Exchange | undefined): string {
  const { status, scimType, detail } = error;
  const refusal =
    refusals.find((it) => it.status === status && it.scimType === scimType) ??
    refusals.find((it) => it.status === status && it.scimType === undefined);
  const sentence = `Refused: ${detail.replace(/[.]$/, '')}.`;
  if (refusal === undefined) return sentence;
  const attribute = refusedAttribute(detail, exchange?.body?.json);
  return `${sentence} ${refusal.remedy.replaceAll('{attribute}', attribute ?? 'the attribute')}`;
}
