import type { Parameters, ParametersParameter } from 'fhir/r4.js';
import { SNOMED_SYSTEM } from '../../referral.ts';
import type { CodeBook } from '../code-book.ts';
import { EclError } from '../ecl/expression.ts';
import { isAncestorOrSelf } from '../release/concept-graph.ts';
import type { SnomedRelease } from '../release/snomed-release.ts';
import { type JsonObject, textIn } from '../resource-flaw.ts';
import type { Terminology } from '../terminology.ts';
import { type ListedSystem, listedSystems, standsAbove } from './code-systems.ts';
import { describeConcept, describeListed } from './describe.ts';
import { expansionOf } from './expand.ts';
import { Given, type GivenCoding } from './given.ts';
import { holds, type ListedMember, type MemberSet } from './member-set.ts';
import { done, type OperationAnswer, OperationFault, type TerminologyOperation } from './operation.ts';
import {
  brokenExpression,
  noSuchMap,
  noSuchValueSet,
  unknownCode,
  unknownMembership,
  unknownSystem,
} from './refusals.ts';
import { withRelease } from './released-codes.ts';
import { implicitMatches, mapMatches, translationParameters } from './translations.ts';
import { isEdition, ValueSets } from './value-sets.ts';

export interface TerminologyParts {
  /** Maps and sets of the terminology directory, as the engine has always read them. */
  readonly listed: Terminology;
  /** The same files as resources. */
  readonly resources: readonly JsonObject[];
  readonly release?: SnomedRelease;
}

/**
 * Everything that is known of codes, behind both doors: what flow and mappings ask (`Terminology`), and FHIR's operations.
 * Nothing here waits: files and release are in memory or beside it.
 */
export class TerminologyService implements Terminology {
  readonly release: SnomedRelease | undefined;
  readonly resources: readonly JsonObject[];
  readonly codes: CodeBook;
  readonly #listed: Terminology;
  readonly #systems: ReadonlyMap<string, ListedSystem>;
  readonly #sets: ValueSets;

  constructor({ listed, resources, release }: TerminologyParts) {
    this.release = release;
    this.resources = resources;
    this.codes = withRelease(listed.codes, release);
    this.#listed = listed;
    this.#systems = listedSystems(resources);
    const valueSets = resources.filter((one) => textIn(one, 'resourceType') === 'ValueSet');
    this.#sets = new ValueSets({ valueSets, systems: this.#systems, ...(release !== undefined && { release }) });
  }

  /* ---------------------------------------------------------------- the engine's door */

  translate(map: string, system: string, code: string, partner?: string) {
    return this.#listed.translate(map, system, code, partner);
  }

  versionOfMap(map: string) {
    return this.#listed.versionOfMap?.(map);
  }

  codesOfMap(map: string) {
    return this.#listed.codesOfMap?.(map);
  }

  hasMap(map: string): boolean {
    return this.#listed.hasMap(map);
  }

  hasValueSet(valueSet: string): boolean {
    return this.#listed.hasValueSet(valueSet);
  }

  member(valueSet: string, system: string, code: string): 'yes' | 'no' | 'unknown' {
    const listed = this.#listed.member(valueSet, system, code);
    if (listed !== 'unknown') return listed;
    try {
      const set = this.#sets.members(valueSet);
      return set === undefined ? 'unknown' : answerOf(set, system, code, this.release);
    } catch (fault) {
      if (fault instanceof EclError) return 'unknown';
      throw fault;
    }
  }

  /** Expressions of SNOMED CT that value sets of the directory take their members from. */
  expressions(): readonly string[] {
    return this.#sets.expressions();
  }

  /** Members that a terminology server gave for one of them: it stands in the place of the loaded release. */
  learn(expression: string, members: readonly ListedMember[]): void {
    this.#sets.learn(expression, members);
  }

  /** Takes over what another one learned: it was in use until now, and asking again takes time. */
  learnFrom(before: TerminologyService): void {
    this.#sets.learnFrom(before.#sets);
  }

  /* ---------------------------------------------------------------- FHIR's door */

  /** @param at an instant: when it is asked */
  perform(operation: TerminologyOperation, parameters: Parameters, at: string): OperationAnswer {
    const given = new Given(parameters);
    try {
      switch (operation) {
        case 'CodeSystem/$lookup':
          return done(this.#lookup(given));
        case 'CodeSystem/$validate-code':
          return done(this.#validateInSystem(given));
        case 'CodeSystem/$subsumes':
          return done(this.#subsumes(given));
        case 'ValueSet/$validate-code':
          return done(this.#validateInSet(given));
        case 'ValueSet/$expand':
          return { kind: 'done', resource: this.#expand(given, at) };
        case 'ConceptMap/$translate':
          return done(this.#translateCode(given));
      }
    } catch (fault) {
      if (fault instanceof OperationFault) return { kind: 'refused', status: fault.status, findings: [fault.finding] };
      if (fault instanceof EclError) return { kind: 'refused', status: 400, findings: [brokenExpression(fault)] };
      throw fault;
    }
  }

  #lookup(given: Given): ParametersParameter[] {
    const [coding] = given.codings();
    const { system, code } = this.#inKnownSystem(coding, given.text('version'));
    const position = system === SNOMED_SYSTEM ? this.release?.find(code) : undefined;
    if (this.release !== undefined && position !== undefined) return describeConcept(this.release, position);
    const listed = this.#systems.get(system);
    const concept = listed?.concepts.get(code);
    if (listed === undefined || concept === undefined) throw unknownCode(this.#isWhole(system));
    return describeListed(listed, concept, system);
  }

  #validateInSystem(given: Given): ParametersParameter[] {
    const [coding] = given.codings('url');
    const asked = { ...coding, system: coding?.system ?? given.text('system') };
    const { system, code } = this.#inKnownSystem(
      asked.system === undefined ? coding : { ...coding, system: asked.system, code: coding?.code ?? '' },
      given.text('version'),
    );
    if (!this.#exists(system, code)) {
      if (!this.#isWhole(system)) throw unknownCode(false);
      return validation(false, undefined, 'The code system has no such code.');
    }
    return this.#validated(system, code, coding?.display);
  }

  #validateInSet(given: Given): ParametersParameter[] {
    const url = given.required('url');
    const set = this.#setNamed(url);
    const codings = given.codings();
    const answers = codings.map((coding) => ({
      coding,
      answer: answerOf(set, coding.system ?? '', coding.code, this.release),
    }));
    const inside = answers.find(({ answer }) => answer === 'yes');
    if (inside !== undefined)
      return this.#validated(inside.coding.system ?? '', inside.coding.code, inside.coding.display);
    if (answers.some(({ answer }) => answer === 'unknown')) throw unknownMembership(set.gaps);
    return validation(false, undefined, 'The code is not in the value set.');
  }

  #subsumes(given: Given): ParametersParameter[] {
    const [a] = given.codings('system', { code: 'codeA', coding: 'codingA' });
    const [b] = given.codings('system', { code: 'codeB', coding: 'codingB' });
    const one = this.#inKnownSystem(a, given.text('version'));
    const other = this.#inKnownSystem(b, given.text('version'));
    if (one.system !== other.system) throw unknownSystem('Two codes are compared within one code system.');
    const above = (upper: string, lower: string) => this.#standsAbove(one.system, upper, lower);
    const [up, down] = [above(one.code, other.code), above(other.code, one.code)];
    const outcome = up && down ? 'equivalent' : up ? 'subsumes' : down ? 'subsumed-by' : 'not-subsumed';
    return [{ name: 'outcome', valueCode: outcome }];
  }

  #expand(given: Given, at: string) {
    const url = given.required('url');
    return expansionOf(url, this.#setNamed(url), given, { release: this.release, at });
  }

  #translateCode(given: Given): ParametersParameter[] {
    const codings = given.codings();
    const url = given.text('url');
    const reverse = given.flag('reverse');
    const target = given.text('targetsystem') ?? given.text('targetSystem');
    const implicit = url === undefined ? undefined : implicitMatches(url, codings, reverse, this.release);
    if (implicit !== undefined) return translationParameters(implicit);
    const maps = this.resources.filter(
      (one) =>
        textIn(one, 'resourceType') === 'ConceptMap' &&
        (url === undefined || textIn(one, 'url') === url || textIn(one, 'id') === url),
    );
    if (maps.length === 0) throw noSuchMap();
    return translationParameters(maps.flatMap((map) => mapMatches(map, codings, reverse, target)));
  }

  /* ---------------------------------------------------------------- what they share */

  #setNamed(url: string): MemberSet {
    const set = this.#sets.members(url);
    if (set === undefined) throw noSuchValueSet(url.includes('?fhir_vs') && this.release === undefined);
    return set;
  }

  #inKnownSystem(coding: GivenCoding | undefined, version: string | undefined) {
    const system = coding?.system;
    if (coding === undefined || system === undefined) throw unknownSystem('The code system is not said.');
    if (system !== SNOMED_SYSTEM && !this.#systems.has(system)) throw unknownSystem('This code system is not loaded.');
    if (system === SNOMED_SYSTEM && version !== undefined && !isEdition(version, this.release)) {
      throw unknownSystem('This edition or version of SNOMED CT is not loaded.');
    }
    return { system, code: coding.code };
  }

  #exists(system: string, code: string): boolean {
    if (system === SNOMED_SYSTEM && this.release?.find(code) !== undefined) return true;
    return this.#systems.get(system)?.concepts.has(code) ?? false;
  }

  /** Whether a code that is not here does not exist. */
  #isWhole(system: string): boolean {
    return system === SNOMED_SYSTEM ? this.release !== undefined : (this.#systems.get(system)?.complete ?? false);
  }

  #validated(system: string, code: string, display: string | undefined): ParametersParameter[] {
    const position = system === SNOMED_SYSTEM ? this.release?.find(code) : undefined;
    const listed = this.#systems.get(system)?.concepts.get(code);
    const ofRelease =
      position === undefined ? [] : (this.release?.designations(position).map(({ term }) => term) ?? []);
    const terms = [
      ...ofRelease,
      ...(listed?.display === undefined ? [] : [listed.display]),
      ...(listed?.designations ?? []),
    ];
    const preferred = (position === undefined ? undefined : this.release?.display(position)) ?? listed?.display;
    const same = (term: string) => term.toLowerCase() === display?.toLowerCase();
    if (display !== undefined && terms.length > 0 && !terms.some(same)) {
      return validation(false, preferred, 'The code is right, but the display is none of its terms.');
    }
    const inactive = position !== undefined && this.release?.isActive(position) === false;
    return validation(
      true,
      preferred,
      inactive ? 'The concept is inactive: $lookup says what replaces it.' : undefined,
    );
  }

  #standsAbove(system: string, above: string, below: string): boolean {
    if (system === SNOMED_SYSTEM && this.release !== undefined) {
      const [upper, lower] = [this.release.find(above), this.release.find(below)];
      if (upper === undefined || lower === undefined) throw unknownCode(true);
      return isAncestorOrSelf(this.release, upper, lower);
    }
    const listed = this.#systems.get(system);
    if (listed === undefined || !listed.concepts.has(above) || !listed.concepts.has(below)) throw unknownCode(false);
    if (!listed.complete && above !== below) throw unknownSystem('The hierarchy of this code system is not loaded.');
    return standsAbove(listed, above, below);
  }
}

function answerOf(set: MemberSet, system: string, code: string, release: SnomedRelease | undefined) {
  if (holds(set, system, code, release)) return 'yes';
  return set.gaps.length === 0 ? 'no' : 'unknown';
}

function validation(result: boolean, display: string | undefined, message: string | undefined): ParametersParameter[] {
  return [
    { name: 'result', valueBoolean: result },
    ...(message === undefined ? [] : [{ name: 'message', valueString: message }]),
    ...(display === undefined ? [] : [{ name: 'display', valueString: display }]),
  ];
}
