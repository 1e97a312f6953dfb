import type { DirectorySettings } from '#contract';

type Extensions = DirectorySettings['extensions'];
type Declared = Extensions[number]['attributes'][number];

const attribute = (name: string, type: Declared['type'], more: Partial<Declared> = {}): Declared => ({
  name,
  description: '',
  type,
  caseExact: false,
  canonicalValues: [],
  multiValued: false,
  subAttributes: [],
  ...more,
});

/** An own extension with an attribute of each type. */
export const staffExtension: Extensions = [
  {
    resourceType: 'User',
    id: 'urn:example:schemas:2.0:Staff',
    name: 'Staff',
    description: '',
    attributes: [
      attribute('badge', 'string'),
      attribute('code', 'string', { caseExact: true }),
      attribute('level', 'integer'),
      attribute('rate', 'decimal'),
      attribute('remote', 'boolean'),
      attribute('since', 'dateTime'),
      attribute('proof', 'binary'),
      attribute('page', 'reference'),
      attribute('tags', 'string', { multiValued: true }),
      attribute('scores', 'integer', { multiValued: true }),
      attribute('desk', 'complex', {
        subAttributes: [
          { name: 'floor', description: '', type: 'integer', caseExact: false, canonicalValues: [] },
          { name: 'room', description: '', type: 'string', caseExact: false, canonicalValues: [] },
        ],
      }),
    ],
  },
];
