/** The files of an RF2 Snapshot that are read, in the order in which they are needed, with the header each must have. */
export const RF2_KINDS = [
  'modules',
  'concepts',
  'languages',
  'descriptions',
  'relationships',
  'simpleRefsets',
  'associations',
  'attributeValues',
  'simpleMaps',
] as const;

export type Rf2Kind = (typeof RF2_KINDS)[number];

const COMPONENT = ['id', 'effectiveTime', 'active', 'moduleId'];
const MEMBER = [...COMPONENT, 'refsetId', 'referencedComponentId'];

/** Column names (SNOMED CT Release File Specifications, "Component Release Files" and "Reference Set Types"). */
export const RF2_COLUMNS: Readonly<Record<Rf2Kind, readonly string[]>> = {
  modules: [...MEMBER, 'sourceEffectiveTime', 'targetEffectiveTime'],
  concepts: [...COMPONENT, 'definitionStatusId'],
  languages: [...MEMBER, 'acceptabilityId'],
  descriptions: [...COMPONENT, 'conceptId', 'languageCode', 'typeId', 'term', 'caseSignificanceId'],
  relationships: [
    ...COMPONENT,
    'sourceId',
    'destinationId',
    'relationshipGroup',
    'typeId',
    'characteristicTypeId',
    'modifierId',
  ],
  simpleRefsets: MEMBER,
  associations: [...MEMBER, 'targetComponentId'],
  attributeValues: [...MEMBER, 'valueId'],
  simpleMaps: [...MEMBER, 'mapTarget'],
};

const NAMES: readonly (readonly [Rf2Kind, RegExp])[] = [
  ['concepts', /^x?sct2_Concept_/],
  ['descriptions', /^x?sct2_(Description|TextDefinition)_/],
  ['relationships', /^x?sct2_Relationship_/],
  ['languages', /^x?der2_cRefset_\w*Language/],
  ['associations', /^x?der2_cRefset_\w*Association/],
  ['attributeValues', /^x?der2_cRefset_\w*AttributeValue/],
  ['simpleMaps', /^x?der2_sRefset_\w*SimpleMap/],
  ['simpleRefsets', /^x?der2_Refset_\w*Simple/],
  ['modules', /^x?der2_ssRefset_\w*ModuleDependency/],
];

/** What a file holds, by its name without folders; undefined for Full and Delta files and for kinds that are not read. */
export function rf2KindOf(name: string): Rf2Kind | undefined {
  if (!name.endsWith('.txt') || !/Snapshot/.test(name)) return undefined;
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0];
}

/** The release date in a file's name (`…_20261101.txt`) and the country and namespace before it (`GB1000000`, `INT`). */
export function rf2NameParts(name: string): { readonly date?: string; readonly origin?: string } {
  const [, origin, date] = /_([A-Z]{2,3}\d*)_(\d{8})(?:T\d+Z?)?\.txt$/.exec(name) ?? [];
  return { ...(date !== undefined && { date }), ...(origin !== undefined && { origin }) };
}
