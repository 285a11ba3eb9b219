import { describe, expect, it } from '@jest/globals';
import type { Dossier } from '../../../../src/core/referral.ts';
import { chooseRoutes, type Route, type RouteReason } from '../../../../src/core/routing/choose-routes.ts';
import { referralFacts } from '../../../../src/core/routing/referral-facts.ts';
import { NO_CODES } from '../../../../src/core/terminology/code-book.ts';
import type { Terminology } from '../../../../src/core/terminology/terminology.ts';

const LONELY = 'http://snomed.info/sct|267076002';
const HOUSING = 'http://snomed.info/sct|81877007';
const REFERRAL = 'http://snomed.info/sct|871731000000106';

const terminology: Terminology = {
  translate: () => ({ kind: 'unknown' }),
  member: (set, system, code) => (set === 'needs' ? (`${system}|${code}` === LONELY ? 'yes' : 'no') : 'unknown'),
  hasMap: () => false,
  hasValueSet: () => true,
  codes: NO_CODES,
};

function dossier(change: { birthDate?: string; postcode?: string } = {}): Dossier {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        resource: {
          resourceType: 'Patient',
          birthDate: change.birthDate ?? '1950-11-22',
          address: [{ postalCode: change.postcode ?? 'se15 4ab' }],
        },
      },
      {
        resource: {
          resourceType: 'ServiceRequest',
          status: 'active',
          intent: 'order',
          subject: { reference: 'Patient/1' },
          code: { coding: [{ system: 'http://snomed.info/sct', code: '871731000000106' }] },
          reasonCode: [{ coding: [{ system: 'http://snomed.info/sct', code: '267076002' }] }, { text: 'alone' }],
        },
      },
      {
        resource: {
          resourceType: 'Organization',
          identifier: [{ system: 'https://fhir.nhs.uk/id/ods-organization-code', value: 'a81001' }],
        },
      },
    ],
  };
}

const facts = (change = {}) => referralFacts(dossier(change), '2026-11-21T10:00:00.000Z', 'B82002');
const route = (change: Partial<Route>): Route => ({
  name: 'one',
  to: ['casework'],
  when: {},
  capacity: 'open',
  ...change,
});
const choose = (routes: Route[], given = facts()) => chooseRoutes(routes, given, terminology);

describe('the facts of a referral', () => {
  it('reads codes, practices without regard to case, district and age the day before the birthday', () => {
    expect(facts()).toEqual({
      needs: [LONELY],
      services: [REFERRAL],
      practices: ['A81001', 'B82002'],
      postcodeDistricts: ['SE15'],
      age: 75,
    });
  });

  it('knows no age from a year alone and no district from half a postcode', () => {
    expect(facts({ birthDate: '1950', postcode: 'SE15' })).toMatchObject({ postcodeDistricts: [] });
    expect(facts({ birthDate: '1950' })).not.toHaveProperty('age');
  });
});

describe('choosing routes', () => {
  it.each<[string, Route['when'], RouteReason['is'], string]>([
    ['need code', { need: { codes: [HOUSING] } }, 'need', 'no need code fits'],
    ['value set', { need: { valueSet: 'unloaded' } }, 'need', 'no need code fits'],
    ['service', { service: { codes: [HOUSING] } }, 'service', 'no requested service fits'],
    ['practice', { practice: ['C83003'] }, 'practice', 'the practice is not covered'],
    ['postcode', { postcode: ['SE1'] }, 'postcode', 'the postcode district is not covered'],
    ['age', { age: { min: 76 } }, 'age', 'the age is not covered'],
  ])('passes a route over whose %s does not fit, and says why', (_what, when, is, why) => {
    expect(choose([route({ when })])).toEqual({ platforms: [], reasons: [{ route: 'one', taken: false, is, why }] });
  });

  it('takes a route only when every stated condition holds', () => {
    const when = {
      need: { valueSet: 'needs' },
      service: { codes: [REFERRAL] },
      practice: ['a81001'],
      postcode: ['se15'],
      age: { min: 75, max: 75 },
    };
    expect(choose([route({ when })]).platforms).toEqual(['casework']);
    expect(choose([route({ when: { ...when, postcode: ['E1'] } })]).platforms).toEqual([]);
  });

  it('takes every route that fits, each platform once', () => {
    const routes = [
      route({}),
      route({ name: 'two', to: ['springboard', 'casework'] }),
      route({ name: 'three', when: { age: { max: 17 } } }),
    ];
    expect(choose(routes).platforms).toEqual(['casework', 'springboard']);
  });

  it('says "no capacity" only of a service that would have fitted', () => {
    expect(choose([route({ capacity: 'closed' })]).reasons[0]?.why).toBe('no capacity');
    expect(choose([route({ capacity: 'closed', when: { postcode: ['E1'] } })]).reasons[0]?.why).toBe(
      'the postcode district is not covered',
    );
  });

  it('does not guess an age that is unknown', () => {
    expect(choose([route({ when: { age: { min: 18 } } })], facts({ birthDate: '1950' })).reasons[0]?.why).toBe(
      'the age is unknown',
    );
  });
});
