import { CONSTANTS } from './constants.ts';
import { MAPPING_FROM, MAPPING_TO } from './direction.ts';
import { DISCLOSURES } from './disclosures.ts';
import { BASED_KEYS } from './read-base.ts';
import { NEEDED_KEYS, NO_MATCH } from './read-header.ts';

type Schema = Readonly<Record<string, unknown>>;

const NAME = '^[A-Za-z_][A-Za-z0-9_]*$';
const PATH = '^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$';
const names = (about: string, pattern: string): Schema => ({
  description: about,
  type: ['string', 'array'],
  pattern,
  items: { type: 'string', pattern },
});

/** What may stand at the top of a mapping file, by key. */
const HEADER: Readonly<Record<string, Schema>> = {
  mapping: {
    description: 'The path of the file below the mappings directory, without .map.yaml.',
    type: 'string',
    pattern: PATH,
  },
  version: { description: 'Counted up with every change.', type: 'integer', minimum: 1 },
  base: {
    description: 'Another mapping, which this one is but for the variables that it gives under let.',
    type: 'string',
    pattern: PATH,
  },
  from: {
    description: 'What it reads. fhir/referral is the dossier; what is not FHIR is a JSON tree.',
    enum: MAPPING_FROM,
  },
  to: { description: 'What it makes.', enum: MAPPING_TO },
  schema: {
    description: 'JSON Schema of the result: a path from the directory of the mapping.',
    type: 'string',
    pattern: '[.]json$',
  },
  order: {
    description: 'Inward mappings: the element that names the referral.',
    type: 'string',
    pattern: '^\\s*\\{\\{[\\s\\S]+\\}\\}\\s*$',
  },
  maps: {
    description: 'Every concept map that translate() uses.',
    type: 'object',
    additionalProperties: {
      type: 'object',
      required: ['system', 'onNoMatch'],
      additionalProperties: false,
      properties: {
        system: {
          description: `Code system of words that name none: a URI, or one of ${[...CONSTANTS.keys()].join(', ')}.`,
          type: 'string',
        },
        onNoMatch: { description: 'What happens to a code that has no counterpart.', enum: NO_MATCH },
        covers: { description: 'A value set whose every code the map must know.', type: 'string' },
      },
    },
  },
  functions: names('Functions in files beside the mapping: postcode for postcode.fn.ts.', '^[a-z][A-Za-z0-9]*$'),
  discloses: {
    description: 'What of the patient an outward mapping may read.',
    type: ['string', 'array'],
    items: { enum: DISCLOSURES },
  },
  require: names(
    'Paths of the result that must not be empty: names joined by dots.',
    '^[^.\\s\\[\\]]+([.][^.\\s\\[\\]]+)*$',
  ),
  let: { $ref: '#/$defs/variables', description: 'Values by name, each seeing those before it.' },
  result: { $ref: '#/$defs/template', description: 'The result, with expressions where values go in.' },
};

/** A mapping says everything itself, or what is other than in its base. */
const ONE_OF_TWO: Schema = {
  if: { required: ['base'] },
  then: { required: ['mapping', 'version', 'base'], propertyNames: { enum: BASED_KEYS } },
  else: { required: NEEDED_KEYS },
};

/** The JSON Schema of a mapping file, for editors: it knows the header and the directives; expressions are `mappings check`'s. */
export function mappingJsonSchema(): Schema {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Hearback mapping',
    description: 'A mapping file (*.map.yaml); see docs/mapping.md.',
    type: 'object',
    ...ONE_OF_TWO,
    additionalProperties: false,
    properties: HEADER,
    $defs: {
      template: {
        anyOf: [
          { type: ['string', 'number', 'boolean', 'null'] },
          { type: 'array', items: { $ref: '#/$defs/template' } },
          { $ref: '#/$defs/object' },
        ],
      },
      object: {
        type: 'object',
        patternProperties: {
          '^\\{% *if ': { $ref: '#/$defs/template' },
          '^\\{% *else *%\\}$': { $ref: '#/$defs/template' },
          '^\\{% *for ': { $ref: '#/$defs/template' },
          '^\\{% *merge *%\\}$': { $ref: '#/$defs/template' },
          '^\\{% *assign *%\\}$': { $ref: '#/$defs/variables' },
          "^\\{% *include '[^']+' *%\\}$": { anyOf: [{ type: 'null' }, { $ref: '#/$defs/variables' }] },
        },
        propertyNames: { not: { anyOf: [{ pattern: '\\{\\{' }, { pattern: '\\{\\[' }, { const: '__proto__' }] } },
        additionalProperties: { $ref: '#/$defs/template' },
      },
      variables: {
        anyOf: [
          { type: 'object', propertyNames: { pattern: NAME }, additionalProperties: { $ref: '#/$defs/template' } },
          { type: 'array', items: { $ref: '#/$defs/variables' } },
        ],
      },
    },
  };
  // Plain data, so that it is the same as what is read back from the published file.
  const plain: Schema = JSON.parse(JSON.stringify(schema));
  return plain;
}
