import type { Rule } from '../../core/mapping/receipt/receipt.ts';

interface PlaceInFile {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/**
 * Where something stands in the mappings: `casework/referral.map.yaml:15:10`. Where the mappings lie on the machine is nobody's
 * business in a browser.
 */
export function mappingPlace({ file, line, column }: PlaceInFile): string {
  const name = file?.split('/').slice(-2).join('/');
  return [name, line, column].filter((part) => part !== undefined).join(':');
}

/** Place and words of a rule: `casework/referral.map.yaml:15:10  {{ %referral }}`. */
export function ruleText({ written, ...place }: Rule): string {
  return `${mappingPlace(place)}  ${written.replace(/\s+/g, ' ')}`;
}
