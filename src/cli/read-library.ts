import { createHash } from 'node:crypto';
import { loadR4Model } from '../adapters/fhir-rest/r4-definitions.ts';
import type { ConfigIo } from '../config/io.ts';
import { loadInstrumentFiles, loadLibrary, loadMappingFiles } from '../config/library.ts';
import type { Finding } from '../core/finding.ts';
import type { CompileEnvironment } from '../core/mapping/compile.ts';
import { compileLibrary, type LibraryMapping } from '../core/mapping/library.ts';
import type { MappingFile } from '../core/mapping/pair-cases.ts';
import { valueSetCodes } from '../core/mapping/value-set-codes.ts';
import { buildInstruments, type InstrumentSet } from '../core/outcomes/instrument-set.ts';
import { buildTerminology } from '../core/terminology/build-terminology.ts';
import type { SnomedRelease } from '../core/terminology/release/snomed-release.ts';
import { parsedResources } from '../core/terminology/service/readable-resources.ts';
import { TerminologyService } from '../core/terminology/service/terminology-service.ts';
import { loadFunctions } from './mappings-functions.ts';

export interface LibraryDirectories {
  readonly mappings: string;
  readonly terminology: string;
}

/** A directory of mappings with everything that stands beside them, and the terminology, read and compiled. */
export interface Library {
  /** All files below the mappings directory, by their path in it. */
  readonly files: readonly MappingFile[];
  /** Those of the wanted ones that have no error. */
  readonly mappings: readonly LibraryMapping[];
  /** What the mappings were compiled with: terminology, the R4 model, functions. */
  readonly environment: CompileEnvironment;
  /** The same as in the environment: what is known of codes, with the release that was given. */
  readonly terminology: TerminologyService;
  /** The outcome instruments that the terminology describes. */
  readonly instruments: InstrumentSet;
  /** SHA-256 (lower-case hex) of all files of the terminology, instruments among them. */
  readonly terminologyDigest: string;
}

interface Wanted {
  /** Only the mappings of these names. */
  readonly names?: ReadonlySet<string>;
  /** An imported SNOMED CT release, open; it stays the caller's to close. */
  readonly release?: SnomedRelease | undefined;
}

/**
 * Reads everything, and compiles it or only the mappings of these names; what is wrong is a finding. Undefined when there is
 * no mappings directory.
 */
export async function readLibrary(
  directories: LibraryDirectories,
  io: Pick<ConfigIo, 'list' | 'readFile'>,
  { names, release }: Wanted = {},
): Promise<{ readonly library: Library; readonly findings: readonly Finding[] } | undefined> {
  const files = loadMappingFiles(directories.mappings, io);
  if (files === undefined) return undefined;
  const terms = loadLibrary(directories, io).terminology;
  const { terminology: listed, findings: ofTerms } = buildTerminology(terms);
  const terminology = new TerminologyService({
    listed,
    resources: parsedResources(terms.filter(({ partner }) => partner === undefined)),
    ...(release !== undefined && { release }),
  });
  const ofInstruments = loadInstrumentFiles(directories.terminology, io);
  const { instruments, findings: wrongInstruments } = buildInstruments(ofInstruments);
  const functions = await loadFunctions(files, directories.mappings);
  const environment = {
    terminology,
    elements: loadR4Model(),
    codesOf: valueSetCodes(terms),
    functionFiles: functions.functions,
  };
  const { mappings, findings } = compileLibrary(
    files,
    directories.mappings,
    environment,
    names && ((name) => names.has(name)),
  );
  const terminologyDigest = digestOf([...terms, ...ofInstruments]);
  const library = { files, mappings, environment, terminology, instruments, terminologyDigest };
  return { library, findings: [...ofTerms, ...wrongInstruments, ...functions.findings, ...findings] };
}

function digestOf(files: readonly MappingFile[]): string {
  const hash = createHash('sha256');
  for (const { file, text } of files) hash.update(JSON.stringify([file.replace(/^.*[\\/]/, ''), text]));
  return hash.digest('hex');
}
