/** One setting: its environment variable, how its text is read, its default, and what it is for. */
export interface Setting<Value> {
  name: `PORTICO_${string}`;
  /** Text used where the variable is absent or empty; absent: the setting has no value then. */
  default?: string;
  /** Reads the text; throws an Error whose message ends the sentence "PORTICO_X …". */
  read: (text: string) => Value;
  about: string;
  /** Never printed. */
  secret?: true;
}

const setting = <Value>(it: Setting<Value> & { default: string }): Setting<Value> => it;
const optional = <Value>(it: Setting<Value>): Setting<Value | undefined> => it;

/** Every setting of Portico. `docs/configuration.md` is made from this table. */
export const settings = {
  url: setting({
    name: 'PORTICO_URL',
    default: 'http://localhost:3000',
    read: readOrigin,
    about: 'Public address of Portico. All addresses in answers come from it, never from a Host header.',
  }),
  host: setting({
    name: 'PORTICO_HOST',
    default: '127.0.0.1',
    read: (text) => text,
    about: 'Address it listens on; 0.0.0.0 or :: for every network.',
  }),
  port: setting({
    name: 'PORTICO_PORT',
    default: '3000',
    read: readInteger(0, 65535),
    about: 'Port it listens on; 0 takes a free one.',
  }),
  tlsCert: optional({
    name: 'PORTICO_TLS_CERT',
    read: (text) => text,
    about: 'Certificate chain (PEM) for its own TLS; needs PORTICO_TLS_KEY.',
  }),
  tlsKey: optional({
    name: 'PORTICO_TLS_KEY',
    read: (text) => text,
    about: 'Private key (PEM) for its own TLS.',
    secret: true,
  }),
  trustedProxies: setting({
    name: 'PORTICO_TRUSTED_PROXIES',
    default: '',
    read: readList,
    about: 'Addresses of proxies, comma-separated, whose X-Forwarded-For counts.',
  }),
  data: setting({
    name: 'PORTICO_DATA',
    default: './data',
    read: (text) => text,
    about: 'Folder of the embedded database and of generated keys; created with mode 0700; one server at a time.',
  }),
  databaseUrl: optional({
    name: 'PORTICO_DATABASE_URL',
    read: readPostgresUrl,
    about: 'postgres://… for PostgreSQL; empty for the embedded SQLite in PORTICO_DATA.',
    secret: true,
  }),
  sealingKeys: optional({
    name: 'PORTICO_SEALING_KEYS',
    read: readSealingKeys,
    about:
      'Keys that seal secrets, 32 bytes each in base64, comma-separated: the first seals, all open. Generated into PORTICO_DATA with the embedded database; required with PostgreSQL.',
    secret: true,
  }),
  simulatorUrl: optional({
    name: 'PORTICO_SIMULATOR_URL',
    read: readOrigin,
    about: 'Address of a simulated Entra tenant; adds the cloud `simulated`. Empty in production.',
  }),
  allowPrivateAddresses: setting({
    name: 'PORTICO_ALLOW_PRIVATE_ADDRESSES',
    default: 'false',
    read: readBoolean,
    about: 'Whether addresses that people enter (webhooks, metadata URLs) may lead to private or loopback networks.',
  }),
  bodyLimit: setting({
    name: 'PORTICO_BODY_LIMIT',
    default: '4194304',
    read: readInteger(65536, 104857600),
    about: 'Largest request body in bytes.',
  }),
  requestRetentionDays: setting({
    name: 'PORTICO_REQUEST_RETENTION_DAYS',
    default: '30',
    read: readInteger(1, 3650),
    about: 'How many days recorded provisioning requests are kept.',
  }),
  deletedUserRetentionDays: setting({
    name: 'PORTICO_DELETED_USER_RETENTION_DAYS',
    default: '365',
    read: readInteger(30, 3650),
    about:
      'How many days it is kept that a deleted user was there: who it was, and that such a person does not register.',
  }),
  scanLimit: setting({
    name: 'PORTICO_SCAN_LIMIT',
    default: '10000',
    read: readInteger(100, 1000000),
    about:
      'How many users or groups a SCIM filter may look at one by one where no index serves it; beyond that it is refused with tooMany.',
  }),
  unfinishedSignIns: setting({
    name: 'PORTICO_UNFINISHED_SIGN_INS',
    default: '1000',
    read: readInteger(10, 1000000),
    about:
      'How many sign-ins from one address may be started and not finished within ten minutes; further ones are told to wait.',
  }),
  places: optional({
    name: 'PORTICO_PLACES',
    read: (text) => text,
    about:
      "File of a database of places in MaxMind's format (.mmdb), such as GeoLite2 City or a free one: sessions and sign-ins show country and city of their addresses by it. Looked at again once it is replaced. Empty: no places are shown.",
  }),
  logLevel: setting({
    name: 'PORTICO_LOG_LEVEL',
    default: 'info',
    read: readOneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
    about: 'trace, debug, info, warn, error or silent.',
  }),
  apiKey: optional({
    name: 'PORTICO_API_KEY',
    read: (text) => text,
    about: 'API key by which the command line reaches a server at PORTICO_URL.',
    secret: true,
  }),
} as const;

function readOrigin(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error('takes an http or https address, such as https://portico.example.com');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new Error(`takes scheme, host and port only: ${url.origin}`);
  return url.origin;
}

function readInteger(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new Error(`takes a whole number from ${least} to ${most}`);
    return value;
  };
}

function readBoolean(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new Error('takes true or false');
  return text === 'true';
}

function readOneOf<const Word extends string>(...words: Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new Error(`takes one of ${words.join(', ')}`);
    return found;
  };
}

function readList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function readPostgresUrl(text: string): string {
  if (!/^postgres(?:ql)?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new Error('takes postgres://user:password@host:port/database');
  return text;
}

function readSealingKeys(text: string): readonly Buffer[] {
  return readList(text).map((part, index) => {
    const key = Buffer.from(part, 'base64');
    if (key.length !== 32)
      throw new Error(`takes keys of 32 bytes in base64; number ${index + 1} has ${key.length} bytes`);
    return key;
  });
}
