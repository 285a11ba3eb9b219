import type { CodeableConcept } from 'fhir/r4.js';
import { type Dossier, ofType } from '../../../core/referral.ts';
import type { EngineDesk } from '../../engine-desk.ts';

/**
 * Codes of the reasons for a referral and of the service asked for. What they are called is taken from the terminology: the displays
 * and texts that came with them were written by somebody about somebody.
 */
export function viewNeeds(dossier: Dossier, { displayOf }: Pick<EngineDesk, 'displayOf'>) {
  const codesOf = ({ coding = [] }: CodeableConcept) =>
    coding.flatMap(({ system = '', code }) =>
      code === undefined ? [] : [{ system, code, display: displayOf(system, code) ?? '' }],
    );
  const requests = ofType(dossier, 'ServiceRequest');
  return {
    needs: requests.flatMap(({ reasonCode = [] }) => reasonCode.flatMap(codesOf)),
    services: requests.flatMap(({ code }) => (code === undefined ? [] : codesOf(code))),
  };
}
