import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildR4Model, type R4Model } from '../../core/fhir/model.ts';
import type { RawTypes, RawValueSets } from '../../core/fhir/model-source.ts';

let loaded: R4Model | undefined;

/**
 * The R4 model, read once from the definitions inside the installed package. Throws only when the installation is broken.
 * Read as files and not by import: an imported JSON module stays in memory for ever, and of these 3 MB we keep a tenth.
 */
export function loadR4Model(): R4Model {
  loaded ??= buildR4Model(readDefinitions<RawTypes>('types'), readDefinitions<RawValueSets>('valuesets'));
  return loaded;
}

function readDefinitions<T>(name: 'types' | 'valuesets'): T {
  const path = createRequire(import.meta.url).resolve(`fhir-lantana/profiles/${name}.json`);
  const data: T = JSON.parse(readFileSync(path, 'utf8'));
  return data;
}
