import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildTerminology } from '../../../../../src/core/terminology/build-terminology.ts';
import type { SnomedRelease } from '../../../../../src/core/terminology/release/snomed-release.ts';
import { parsedResources } from '../../../../../src/core/terminology/service/readable-resources.ts';
import { runsOn, runsOnText } from '../../../../../src/core/terminology/service/runs-on.ts';
import { TerminologyService } from '../../../../../src/core/terminology/service/terminology-service.ts';
import { smallGraph } from '../ecl/small-graph.ts';

const SNOMED = 'http://snomed.info/sct';
/** PRSB social prescribing v1.1: needs and concerns, support. */
const NEEDS = '1373501000000105';
const SUPPORT = '1373511000000107';

const files = readdirSync('terminology')
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ file: name, text: readFileSync(`terminology/${name}`, 'utf8') }));
const small = smallGraph({ parents: { root: [], inside: ['root'], outside: ['root'] }, inactive: [], refsets: {} });

/** A release of three concepts with the members of some reference sets. */
function releaseWith(members: Readonly<Record<string, readonly string[]>>): SnomedRelease {
  const positions = (names: readonly string[]) =>
    Uint32Array.from(names.map((name) => small.graph.find(small.codeOf(name)) ?? 0));
  const sets = new Map(Object.entries(members).map(([code, names]) => [code, positions(names)]));
  const refsetAt = new Map([...sets.keys()].map((code, place) => [code, 100 + place]));
  return {
    ...small.graph,
    find: (code) => small.graph.find(code) ?? refsetAt.get(code),
    refset: (code) => sets.get(code),
    refsetCodes: () => [...sets.keys()],
    edition: 'test',
    version: `${SNOMED}/1/version/20261101`,
    codeOf: (position) => small.codeOf(Object.keys({ root: 0, inside: 1, outside: 2 })[position] ?? ''),
    isDefined: () => false,
    effectiveTime: () => '20261101',
    display: () => 'Something',
    displays: (all) => all.map(() => 'Something'),
    name: () => 'Something (finding)',
    designations: () => [{ use: 'synonym', term: 'Something', language: 'en', preferred: true }],
    associations: () => [],
    inactivationReasons: () => [],
    mapTargets: () => [],
    mapSources: () => [],
    hasMap: () => false,
    search: () => [],
    close: () => {},
  };
}

function serviceWith(release?: SnomedRelease) {
  const { terminology: listed } = buildTerminology(files);
  return new TerminologyService({
    listed,
    resources: parsedResources(files),
    ...(release !== undefined && { release }),
  });
}

const from = (service: TerminologyService) =>
  Object.fromEntries(runsOn(service.resources, service.release).referenceSets.map((one) => [one.refset, one.from]));

describe('the reference sets that PRSB names', () => {
  it('serve when the loaded release has them', () => {
    const service = serviceWith(releaseWith({ [NEEDS]: ['inside'], [SUPPORT]: ['outside'] }));
    const member = (set: string, name: string) => service.member(set, SNOMED, small.codeOf(name));
    expect([member('social-prescribing-needs', 'inside'), member('social-prescribing-needs', 'outside')]).toEqual([
      'yes',
      'no',
    ]);
    expect([
      member('prsb-social-prescribing-support', 'inside'),
      member('prsb-social-prescribing-support', 'outside'),
    ]).toEqual(['no', 'yes']);
    expect(from(service)).toEqual({ [NEEDS]: 'release', [SUPPORT]: 'release' });
  });

  it.each([
    ['no release', undefined],
    ['a release without them', releaseWith({})],
  ])('leave the starter set to serve with %s; what is not in it is unknown, never no', (_what, release) => {
    const service = serviceWith(release);
    expect(service.member('social-prescribing-needs', SNOMED, '81877007')).toBe('yes');
    expect(service.member('social-prescribing-needs', SNOMED, small.codeOf('inside'))).toBe('unknown');
    expect(from(service)).toEqual({ [NEEDS]: 'starter', [SUPPORT]: 'starter' });
    expect(runsOnText(runsOn(service.resources, release))).toContain(`(${NEEDS}): starter`);
  });

  it('lend their terms to the judging of damaged codes', () => {
    const codes = serviceWith(releaseWith({})).codes;
    expect(codes.displays(SNOMED, small.codeOf('inside'))).toEqual(['Something']);
    expect([codes.knows(SNOMED, small.codeOf('inside')), codes.knows(SNOMED, '138875005')]).toEqual([true, false]);
    expect(codes.knows(SNOMED, '81877007')).toBe(true);
  });
});
