import { DURATION_PATTERN } from './duration.ts';
import { configJsonSchema, type SchemaNode, sectionOf } from './json-schema.ts';

/** The page `docs/configuration.md`: how to read a configuration, then every field with type, default and meaning. */
export function configurationPage(): string {
  const { properties = {}, required = [] } = configJsonSchema();
  const sections = Object.entries(properties).map(([name, node]) => {
    const rows = isLeaf(node) ? [row(name, node, required.includes(name))] : rowsBelow(node, name);
    return [`## ${name}`, '', node.description ?? '', '', ...HEAD, ...rows, ''].join('\n');
  });
  return `${INTRODUCTION}\n${sections.join('\n').trimEnd()}\n`;
}

const HEAD = ['| field | type | default | meaning |', '| --- | --- | --- | --- |'];

function rowsBelow(node: SchemaNode, path: string): string[] {
  if (node.items !== undefined) return rowsBelow(node.items, `${path}[]`);
  if (node.oneOf !== undefined) return node.oneOf.flatMap((kind) => rowsBelow(kind, `${path}(${kindName(kind)})`));
  if (node.anyOf !== undefined) return rowsBelow(sectionOf(node) ?? {}, path);
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const fieldPath = `${path}.${name}`;
    const own = row(fieldPath, field, node.required?.includes(name) ?? false);
    return isLeaf(field) ? [own] : [own, ...rowsBelow(field, fieldPath)];
  });
}

function kindName(kind: SchemaNode): string {
  return String(kind.properties?.['type']?.const ?? '');
}

function isLeaf(node: SchemaNode): boolean {
  if (node.items !== undefined) return isLeaf(node.items);
  return [node.properties, node.oneOf, node.anyOf].every((below) => below === undefined);
}

function row(path: string, node: SchemaNode, required: boolean): string {
  const cells = [`\`${path}\``, typeName(node), usual(node, required), node.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function typeName(node: SchemaNode): string {
  if (node.items !== undefined) return `list of ${typeName(node.items)}`;
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(' or ');
  if (node.anyOf !== undefined) return node.anyOf.map(typeName).join(' or ');
  if (node.properties !== undefined || node.oneOf !== undefined) return 'section';
  if (typeof node.additionalProperties === 'object') return `${typeName(node.additionalProperties)} by name`;
  if (node.type === 'integer') return `whole number, ${node.minimum} to ${node.maximum}`;
  if (node.type === 'boolean') return '`true` or `false`';
  if (node.pattern === DURATION_PATTERN.source) return 'duration';
  return node.format === 'uri' ? 'address' : 'text';
}

function usual(node: SchemaNode, required: boolean): string {
  if (required) return '**required**';
  if (node.default === undefined) return 'none';
  if (node.properties !== undefined) return 'as below';
  return `\`${typeof node.default === 'string' ? node.default : JSON.stringify(node.default)}\``;
}

const INTRODUCTION = `# Configuration

Everything Hearback must be told stands in one file, \`hearback.yaml\`. \`hearback check FILE\` reads it and reports everything
that is wrong at once, each with line, column, rule and remedy; the engine starts on nothing less than a file without errors.
A commented example stands in [examples/hearback.yaml](../examples/hearback.yaml). Editors that know JSON Schema complete and
check the file as you write when its first line says

\`\`\`yaml
# yaml-language-server: $schema=./docs/hearback.schema.json
\`\`\`

The smallest file that does something: one practice, one platform, everybody goes there.

\`\`\`yaml
partners:
  - id: oak-road
    kind: gp-system
    organisation: { name: Oak Road Surgery, ods: A81001 }
    inlets:
      - type: fhir
        tokens: [{ sha256Env: OAK_ROAD_TOKEN_SHA256 }]
  - id: casework
    kind: vcse-platform
    organisation: { name: Riverside Community Trust }
    inlets:
      - { type: webhook, secrets: [{ env: CASEWORK_IN }], mapping: casework/report }
    outlets:
      - type: webhook
        url: https://casework.example.org/hooks/referrals
        secrets: [{ env: CASEWORK_OUT }]
        mappings: { referral: casework/referral }
routes:
  - { name: everybody, to: [casework], all: true }
\`\`\`

- **Paths** are taken from the directory of the file they stand in.
- **Secrets** never stand in the file: it names an environment variable (\`{ env: NAME }\`) or a file (\`{ file: path }\`).
  Of the tokens that GP systems show, only the SHA-256 is kept anywhere. To replace a secret list both until the partner has changed.
- **Mappings** are named by their path below the mappings directory: \`casework/referral\` is \`casework/referral.map.yaml\`.
- **Console**: \`console: {}\` under \`engine\` is enough for web pages under \`/console\`; who may use them, and signing in at a service of your organisation, stand in [console.md](console.md).
- **Durations** are written like \`P14D\`, \`P12W\` or \`PT1H30M\` (or \`30s\`, \`5m\`, \`2h\`, \`3d\`). Months and years vary in length and are refused.
- **Doors**: GP systems speak FHIR (\`fhir\`, or over a broker \`amqp\`) or HL7 v2 (\`mllp\`), VCSE platforms webhooks, AMQP or HL7 v2. A partner has at most one inlet of a type, and
  one outlet. What to know before HL7 v2 is opened to others stands in [hl7v2.md](hl7v2.md),
  and what is declared at a broker, with the permissions it needs, in [platforms.md](platforms.md).
- **Routes**: every route whose conditions all hold is taken, so that one referral may go to several platforms. When none fits, the
  referral is recorded as unmet need and held for a person.

In the tables \`[]\` stands for each entry of a list and \`(kind)\` for the entries of that \`type\`.
`;
