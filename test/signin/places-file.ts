/** What stands for a network in a database of places. */
export type Entry = readonly [network: string, record: Readonly<Record<string, unknown>>];

type Node = [Node | Record<string, unknown> | null, Node | Record<string, unknown> | null];

/**
 * The bytes of a small database in MaxMind's format, version 2.0 (maxmind.github.io/MaxMind-DB): a tree of 24 bits a record, the
 * records, the metadata. Networks are IPv4 in CIDR, or IPv6 in eight groups; in an IPv6 tree IPv4 stands below `::/96`.
 */
export function makePlaces(entries: readonly Entry[], ipVersion: 4 | 6 = 6, builtAt = Date.UTC(2026, 9, 1)): Buffer {
  const root: Node = [null, null];
  for (const [network, record] of entries) plant(root, bitsOf(network, ipVersion), record);
  const nodes: Node[] = [];
  const number = (node: Node): void => {
    nodes.push(node);
    for (const side of node) if (Array.isArray(side)) number(side);
  };
  number(root);
  const places = new Map(nodes.map((node, index) => [node, index]));
  const records: Buffer[] = [];
  let length = 0;
  const tree = Buffer.concat(
    nodes.flatMap((node) =>
      node.map((side) => {
        const word = Buffer.alloc(3);
        if (Array.isArray(side)) word.writeUIntBE(places.get(side) ?? 0, 0, 3);
        else if (side === null) word.writeUIntBE(nodes.length, 0, 3);
        else {
          word.writeUIntBE(nodes.length + 16 + length, 0, 3);
          const record = encode(side);
          records.push(record);
          length += record.length;
        }
        return word;
      }),
    ),
  );
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: builtAt / 1000,
    database_type: 'Test-City',
    description: { en: 'a few places' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  });
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...records,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    metadata,
  ]);
}

function plant(root: Node, bits: string, record: Record<string, unknown>): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const side = Number(bit) as 0 | 1;
    const next = node[side];
    const child: Node = Array.isArray(next) ? next : [null, null];
    node[side] = child;
    node = child;
  }
  node[Number(bits.at(-1)) as 0 | 1] = record;
}

function bitsOf(network: string, ipVersion: 4 | 6): string {
  const [address = '', length] = network.split('/');
  const isIpv4 = !address.includes(':');
  const bits = isIpv4
    ? address.split('.').map((it) => Number(it).toString(2).padStart(8, '0'))
    : address.split(':').map((it) => Number.parseInt(it, 16).toString(2).padStart(16, '0'));
  const all = bits.join('').slice(0, Number(length));
  return isIpv4 && ipVersion === 6 ? '0'.repeat(96) + all : all;
}

/** A value of the data section: a control byte of type and size, then the payload. */
function encode(value: unknown): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8');
    return Buffer.concat([control(2, bytes.length), bytes]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([value.length, 11 - 7]), ...value.map(encode)]);
  const members = Object.entries(value as Record<string, unknown>);
  return Buffer.concat([control(7, members.length), ...members.flatMap((member) => member.map(encode))]);
}

const control = (type: number, size: number): Buffer =>
  size < 29 ? Buffer.from([(type << 5) | size]) : Buffer.from([(type << 5) | 29, size - 29]);
