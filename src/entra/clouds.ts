/** The clouds of Microsoft Entra ID, and a simulated one. */
export type CloudName = 'global' | 'usgov' | 'china' | 'simulated';

/** Where one cloud's tenants sign in, where its Graph is, and what its issuers look like. */
export interface Cloud {
  readonly name: CloudName;
  /** The name people know it by. */
  readonly title: string;
  /** Origin of the login host: authorities begin with it. */
  readonly loginOrigin: string;
  /** The login origin and its aliases: endpoints named in discovery lie on one of them. */
  readonly loginOrigins: readonly string[];
  /** Issuer of v2 tokens, with the literal `{tenantid}` for the tenant's GUID. */
  readonly issuerTemplate: string;
  /** Origin of Microsoft Graph; tokens for it are asked with the scope `<origin>/.default`. */
  readonly graphOrigin: string;
  /** Every Graph origin of this cloud (US Government has one more, for DoD). */
  readonly graphOrigins: readonly string[];
  /** Origin of the portal's pages; undefined where there is no portal. */
  readonly portalOrigin: string | undefined;
  /** Origin of the page where people change what their organization keeps of them; undefined where there is none. */
  readonly myAccountOrigin: string | undefined;
  /** Id of the application template "non-gallery application", for `applicationTemplates/{id}/instantiate`. */
  readonly nonGalleryTemplateId: string;
  /** True where plain http is accepted: only a simulated cloud. */
  readonly insecure: boolean;
}

/** The tenant that holds all personal Microsoft accounts, the same in every token of theirs. */
export const personalTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';

const globalTemplateId = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621';

/**
 * Microsoft's clouds. Sources: entra-docs authentication-national-cloud.md, Graph deployments.md, msal-common
 * AuthorityMetadata.ts (aliases). China's discovery names endpoints on an alias, its issuer stays on the login host.
 */
export const clouds = {
  global: {
    name: 'global',
    title: 'Global (also GCC)',
    loginOrigin: 'https://login.microsoftonline.com',
    loginOrigins: [
      'https://login.microsoftonline.com',
      'https://login.windows.net',
      'https://login.microsoft.com',
      'https://sts.windows.net',
    ],
    issuerTemplate: 'https://login.microsoftonline.com/{tenantid}/v2.0',
    graphOrigin: 'https://graph.microsoft.com',
    graphOrigins: ['https://graph.microsoft.com'],
    portalOrigin: 'https://entra.microsoft.com',
    myAccountOrigin: 'https://myaccount.microsoft.com',
    nonGalleryTemplateId: globalTemplateId,
    insecure: false,
  },
  usgov: {
    name: 'usgov',
    title: 'US Government (GCC High and DoD)',
    loginOrigin: 'https://login.microsoftonline.us',
    loginOrigins: ['https://login.microsoftonline.us', 'https://login.usgovcloudapi.net'],
    issuerTemplate: 'https://login.microsoftonline.us/{tenantid}/v2.0',
    graphOrigin: 'https://graph.microsoft.us',
    graphOrigins: ['https://graph.microsoft.us', 'https://dod-graph.microsoft.us'],
    portalOrigin: 'https://portal.azure.us',
    myAccountOrigin: 'https://myaccount.microsoft.us',
    nonGalleryTemplateId: '4602d0b4-76bb-404b-bca9-2652e1a39c6d',
    insecure: false,
  },
  china: {
    name: 'china',
    title: 'China (21Vianet)',
    loginOrigin: 'https://login.partner.microsoftonline.cn',
    loginOrigins: ['https://login.partner.microsoftonline.cn', 'https://login.chinacloudapi.cn'],
    issuerTemplate: 'https://login.partner.microsoftonline.cn/{tenantid}/v2.0',
    graphOrigin: 'https://microsoftgraph.chinacloudapi.cn',
    graphOrigins: ['https://microsoftgraph.chinacloudapi.cn'],
    portalOrigin: 'https://portal.azure.cn',
    myAccountOrigin: 'https://myaccount.windowsazure.cn',
    nonGalleryTemplateId: '5a532e38-1581-4918-9658-008dc27c1d68',
    insecure: false,
  },
} as const satisfies Record<Exclude<CloudName, 'simulated'>, Cloud>;

/**
 * The cloud of a simulated tenant: login and Graph at the origin of one address, which may be plain http.
 * Throws a TypeError for anything but an http(s) address without a path.
 */
export function simulatedCloud(url: string): Cloud {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError(`the simulated cloud's address is not an http or https URL: ${url}`);
  }
  if (parsed.pathname !== '/' || parsed.search || parsed.hash || parsed.username) {
    throw new TypeError(`the simulated cloud's address must be an origin like http://localhost:4000, not ${url}`);
  }
  const origin = parsed.origin;
  return {
    name: 'simulated',
    title: `Simulated (${parsed.host})`,
    loginOrigin: origin,
    loginOrigins: [origin],
    issuerTemplate: `${origin}/{tenantid}/v2.0`,
    graphOrigin: origin,
    graphOrigins: [origin],
    portalOrigin: undefined,
    myAccountOrigin: undefined,
    nonGalleryTemplateId: globalTemplateId,
    insecure: parsed.protocol === 'http:',
  };
}

/**
 * The cloud of that name; `simulated` is the one at `simulatedUrl`.
 * Throws an Error when the simulated one is asked for and no address is set.
 */
export function cloudNamed(name: CloudName, simulatedUrl?: string): Cloud {
  if (name !== 'simulated') return clouds[name];
  if (!simulatedUrl) throw new Error('this connection is in the simulated cloud, but no simulated cloud is set up');
  return simulatedCloud(simulatedUrl);
}
