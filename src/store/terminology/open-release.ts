import { neighboursOf, reversed } from '../../core/terminology/release/adjacency.ts';
import { codeAt, findIn } from '../../core/terminology/release/concept-index.ts';
import { termHasWords } from '../../core/terminology/release/fold-term.ts';
import type { Designation, SnomedRelease } from '../../core/terminology/release/snomed-release.ts';
import { StoreError } from '../store-error.ts';
import { ACTIVE, DEFINED } from './read-concepts.ts';
import { KIND } from './read-descriptions.ts';
import { LAYOUT } from './release-file.ts';
import { bytesCell, numberCell, type Query, type ReleaseReader, readRelease, textCell } from './release-reader.ts';

/** Sets up to this size are searched term by term; for larger ones the index of all words is asked. */
const FEW = 1_000;

/**
 * Opens an imported edition: the hierarchy and the identifiers in memory, with the terms to show (about a
 * hundred bytes a concept), other terms read from the file when asked for. The file may be replaced meanwhile; this one goes on with what it opened.
 * @throws StoreError when the file is none of this program's
 */
export function openRelease(file: string): SnomedRelease {
  const reader = readRelease(file);
  try {
    return releaseOf(reader, file);
  } catch (fault) {
    reader.close();
    throw fault;
  }
}

function releaseOf(reader: ReleaseReader, file: string): SnomedRelease {
  const meta = new Map(
    reader
      .query('select name, value from meta')()
      .map(([name, value]) => [textCell(name), textCell(value)]),
  );
  if (meta.get('layout') !== LAYOUT) {
    throw new StoreError(
      'schema',
      `the imported release ${file} is of another version of this program: import it again`,
    );
  }
  const parts = new Map(
    reader
      .query('select name, bytes from part')()
      .map(([name, bytes]) => [textCell(name), bytesCell(bytes)]),
  );
  const words = (name: string) => new Uint32Array(bytesCell(parts.get(name)));
  const index = { high: words('high'), low: words('low') };
  const parents = { starts: words('parentStarts'), neighbours: words('parents') };
  const children = reversed(parents);
  const flags = new Uint8Array(bytesCell(parts.get('flags')));
  const effectiveTimes = words('effectiveTimes');
  const refsetRows = reader.query('select code, members from refset order by code')();
  const refsets = new Map(refsetRows.map(([code, members]) => [textCell(code), new Uint32Array(bytesCell(members))]));
  return {
    edition: meta.get('edition') ?? '',
    version: meta.get('version') ?? '',
    size: index.high.length,
    find: (code) => findIn(index, code),
    codeOf: (position) => codeAt(index, position),
    isActive: (position) => ((flags[position] ?? 0) & ACTIVE) !== 0,
    isDefined: (position) => ((flags[position] ?? 0) & DEFINED) !== 0,
    effectiveTime: (position) => String(effectiveTimes[position] ?? ''),
    parents: (position) => neighboursOf(parents, position),
    children: (position) => neighboursOf(children, position),
    refset: (code) => refsets.get(code),
    refsetCodes: () => [...refsets.keys()],
    ...displaysOf(words('displayStarts'), Buffer.from(bytesCell(parts.get('displayBytes')))),
    ...termsOf(reader, words('nameRows')),
    ...historyOf(reader),
    ...mapsOf(reader),
    close: () => reader.close(),
  };
}

/** The terms to show, from memory. */
function displaysOf(starts: Uint32Array, bytes: Buffer): Pick<SnomedRelease, 'display' | 'displays'> {
  const display = (position: number): string | undefined => {
    const [from = 0, to = 0] = [starts[position], starts[position + 1]];
    return from === to ? undefined : bytes.toString('utf8', from, to);
  };
  return { display, displays: (positions) => positions.map(display) };
}

/** The other terms, from the file. */
function termsOf(
  reader: ReleaseReader,
  nameRows: Uint32Array,
): Pick<SnomedRelease, 'name' | 'designations' | 'search'> {
  const one = reader.query('select term from description where row = ?');
  const packed = reader.query(PACKED);
  return {
    name(position) {
      const row = nameRows[position] ?? 0;
      return row === 0 ? undefined : textCell(one(row)[0]?.[0]);
    },
    designations: (position) => designationsIn(textCell(packed(position)[0]?.[0])),
    search: searching(reader, packed),
  };
}

/** Every row costs a call into the database: all terms of a concept come as one text, parted by control characters. */
const PACKED = `select group_concat(kind || char(31) || rank || char(31) || language || char(31) || term, char(30))
  from (select kind, rank, language, term from description where concept = ? order by row)`;

function designationsIn(packed: string): Designation[] {
  if (packed === '') return [];
  return packed.split('\u001E').map((one) => {
    const [kind, rank, language = '', term = ''] = one.split('\u001F');
    const use = Number(kind) === KIND.name ? 'name' : Number(kind) === KIND.synonym ? 'synonym' : 'definition';
    return { use, term, language, preferred: Number(rank) > 0 };
  });
}

function searching(reader: ReleaseReader, packed: Query): SnomedRelease['search'] {
  const match = reader.query(
    'select distinct d.concept from words join description d on d.row = words.rowid where words match ? order by d.concept',
  );
  return (words, among) => {
    let size = 0;
    for (const flag of among) size += flag;
    if (size > FEW) {
      // Words are letters and digits: nothing in them has a meaning for the index.
      const query = words.map((word) => `"${word}"*`).join(' AND ');
      return match(query).flatMap(([concept]) => (among[numberCell(concept)] === 1 ? [numberCell(concept)] : []));
    }
    const found: number[] = [];
    for (let position = among.indexOf(1); position >= 0; position = among.indexOf(1, position + 1)) {
      const terms = designationsIn(textCell(packed(position)[0]?.[0]));
      if (terms.some(({ term }) => termHasWords(term, words))) found.push(position);
    }
    return found;
  };
}

function historyOf(reader: ReleaseReader): Pick<SnomedRelease, 'associations' | 'inactivationReasons'> {
  const associations = reader.query('select refset, target from association where concept = ? order by refset, target');
  const reasons = reader.query('select distinct value from attribute where concept = ? order by value');
  return {
    associations: (position) =>
      associations(position).map(([refset, target]) => ({ refset: textCell(refset), target: textCell(target) })),
    inactivationReasons: (position) => reasons(position).map(([value]) => textCell(value)),
  };
}

function mapsOf(reader: ReleaseReader): Pick<SnomedRelease, 'mapTargets' | 'mapSources' | 'hasMap'> {
  const targets = reader.query('select distinct target from mapped where refset = ? and concept = ? order by target');
  const sources = reader.query('select distinct concept from mapped where refset = ? and target = ? order by concept');
  const some = reader.query('select 1 from mapped where refset = ? limit 1');
  return {
    mapTargets: (refset, position) => targets(refset, position).map(([target]) => textCell(target)),
    mapSources: (refset, target) => sources(refset, target).map(([concept]) => numberCell(concept)),
    hasMap: (refset) => some(refset).length > 0,
  };
}
