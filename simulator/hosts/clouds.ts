/** The separate instances of Microsoft's cloud; tokens and app registrations do not cross from one to another. */
export type CloudName = 'global' | 'usgov' | 'china';

/** What differs between the clouds (national clouds of the Microsoft identity platform, and of Microsoft Graph). */
export type Cloud = {
  /** Host of v2 issuers. */
  readonly loginHost: string;
  /** Host of the endpoints that discovery names; in China another than the issuer's. */
  readonly endpointHost: string;
  /** Every host at which this cloud signs people in; the first two as instance discovery prefers them. */
  readonly loginHosts: readonly string[];
  /** Start of v1 issuers. */
  readonly stsOrigin: string;
  /** Where tokens for these APIs are used: the first of each is the audience of a token. */
  readonly graphHosts: readonly string[];
  readonly armHosts: readonly string[];
  /** EWS and IMAP. */
  readonly exchangeHost: string;
  /** SMTP submission. */
  readonly smtpHost: string;
  /** Where Graph sends large files. */
  readonly outlookHost: string;
  /** The retired Azure AD Graph, which overage claims still name. */
  readonly azureAdGraphHost: string;
  /** `cloud_instance_name` of discovery and keys. */
  readonly instanceName: string;
  readonly rbacUrl: string;
  readonly portal: string;
  /** The application template of apps that are in no gallery, and the audience of what their provisioning presents. */
  readonly nonGalleryTemplateId: string;
  /** Ending of the domains that tenants have from the start. */
  readonly initialDomain: string;
  /** `tenant_region_scope` of tenants that set no other. */
  readonly regionScope: string;
};

/** The clouds. What only US Gov and China have beyond login and Graph hosts is from memory. */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  global: {
    loginHost: 'login.microsoftonline.com',
    endpointHost: 'login.microsoftonline.com',
    loginHosts: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
    stsOrigin: 'https://sts.windows.net',
    graphHosts: ['graph.microsoft.com'],
    armHosts: ['management.core.windows.net', 'management.azure.com'],
    exchangeHost: 'outlook.office365.com',
    smtpHost: 'smtp.office365.com',
    outlookHost: 'outlook.office.com',
    azureAdGraphHost: 'graph.windows.net',
    instanceName: 'microsoftonline.com',
    rbacUrl: 'https://pas.windows.net',
    portal: 'https://portal.azure.com',
    nonGalleryTemplateId: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
    initialDomain: 'onmicrosoft.com',
    regionScope: 'EU',
  },
  usgov: {
    loginHost: 'login.microsoftonline.us',
    endpointHost: 'login.microsoftonline.us',
    loginHosts: ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
    stsOrigin: 'https://sts.windows.net',
    graphHosts: ['graph.microsoft.us', 'dod-graph.microsoft.us'],
    armHosts: ['management.core.usgovcloudapi.net', 'management.usgovcloudapi.net'],
    exchangeHost: 'outlook.office365.us',
    smtpHost: 'smtp.office365.us',
    outlookHost: 'outlook.office365.us',
    azureAdGraphHost: 'graph.windows.net',
    instanceName: 'microsoftonline.us',
    rbacUrl: 'https://pasff.usgovcloudapi.net',
    portal: 'https://portal.azure.us',
    nonGalleryTemplateId: '4602d0b4-76bb-404b-bca9-2652e1a39c6d',
    initialDomain: 'onmicrosoft.us',
    regionScope: 'USGov',
  },
  china: {
    loginHost: 'login.partner.microsoftonline.cn',
    endpointHost: 'login.chinacloudapi.cn',
    loginHosts: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
    stsOrigin: 'https://sts.chinacloudapi.cn',
    graphHosts: ['microsoftgraph.chinacloudapi.cn'],
    armHosts: ['management.core.chinacloudapi.cn', 'management.chinacloudapi.cn'],
    exchangeHost: 'partner.outlook.cn',
    smtpHost: 'smtp.partner.outlook.cn',
    outlookHost: 'partner.outlook.cn',
    azureAdGraphHost: 'graph.chinacloudapi.cn',
    instanceName: 'partner.microsoftonline.cn',
    rbacUrl: 'https://pas.chinacloudapi.cn',
    portal: 'https://portal.azure.cn',
    nonGalleryTemplateId: '5a532e38-1581-4918-9658-008dc27c1d68',
    initialDomain: 'partner.onmschina.cn',
    regionScope: 'AS',
  },
};

const byLoginHost = new Map(
  Object.entries(clouds).flatMap(([name, { loginHosts }]) =>
    loginHosts.map((host): [string, CloudName] => [host, name as CloudName]),
  ),
);

/** The cloud whose sign-in a host is; undefined for the simulator's own address, where all of them answer. */
export function cloudOfHost(hostname: string): CloudName | undefined {
  return byLoginHost.get(hostname);
}

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Origins of the issuer and of the endpoints of a cloud, for who asked at `origin`. At the simulator's own address they are
 * that address; China's two hosts are `localhost` and `127.0.0.1` there, so that the difference remains.
 */
export function loginOrigins(name: CloudName, origin: string): { readonly issuer: string; readonly endpoints: string } {
  const url = new URL(origin);
  const cloud = clouds[name];
  const at = (host: string): string => `${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`;
  const asked = cloudOfHost(url.hostname);
  if (asked !== undefined) {
    const usual = asked === name && cloud.loginHost === cloud.endpointHost;
    return { issuer: at(cloud.loginHost), endpoints: usual ? origin : at(cloud.endpointHost) };
  }
  if (name === 'china' && loopback.includes(url.hostname)) {
    return { issuer: at('localhost'), endpoints: at('127.0.0.1') };
  }
  return { issuer: origin, endpoints: origin };
}
