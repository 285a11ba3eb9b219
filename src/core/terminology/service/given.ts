import type { Parameters, ParametersParameter } from 'fhir/r4.js';
import { asObject, objectsOf, textIn } from '../resource-flaw.ts';
import { OperationFault } from './operation.ts';

export interface GivenCoding {
  readonly system?: string;
  readonly code: string;
  readonly display?: string;
}

/** What an operation was given, whether in a Parameters resource or in an address. */
export class Given {
  readonly resource: Parameters;

  constructor(resource: Parameters) {
    this.resource = resource;
  }

  /** The text of a parameter, whatever its type is called (valueUri, valueCode, valueString …). */
  text(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'string') return value === '' ? undefined : value;
    if (typeof value === 'boolean' || (typeof value === 'number' && name !== 'code')) return String(value);
    throw wrongType(name);
  }

  flag(name: string): boolean {
    return this.text(name) === 'true';
  }

  /** A whole number from 0; undefined when it is not given. */
  number(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text)) throw wrongType(name);
    return Number(text);
  }

  required(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw missing(name);
    return text;
  }

  /** The codings of `code` with its system, `coding` and `codeableConcept`, whichever is given. */
  codings(systemName = 'system', names = { code: 'code', coding: 'coding' }): GivenCoding[] {
    const system = this.text(systemName);
    const display = this.text('display');
    const code = this.text(names.code);
    const single =
      code === undefined
        ? []
        : [{ code, ...(system !== undefined && { system }), ...(display !== undefined && { display }) }];
    const coding = asObject(this.#value(names.coding));
    const concept = asObject(this.#value('codeableConcept'));
    const all = [
      ...single,
      ...[coding].flatMap(codingOf),
      ...objectsOf(concept?.['coding']).flatMap(({ object }) => codingOf(object)),
    ];
    if (all.length === 0) throw missing(names.code);
    return all;
  }

  #value(name: string): unknown {
    const parameter = this.resource.parameter?.find((one) => one.name === name);
    if (parameter === undefined) return undefined;
    return Object.entries(parameter).find(([key]) => key.startsWith('value'))?.[1];
  }
}

function codingOf(object: ReturnType<typeof asObject>): GivenCoding[] {
  if (object === undefined) return [];
  if (typeof object['code'] === 'number') throw wrongType('coding');
  const code = textIn(object, 'code');
  const system = textIn(object, 'system');
  const display = textIn(object, 'display');
  if (code === undefined) return [];
  return [{ code, ...(system !== undefined && { system }), ...(display !== undefined && { display }) }];
}

function missing(name: string): OperationFault {
  return new OperationFault(400, {
    rule: 'terminology/parameter-required',
    at: name,
    message: `The parameter ${name} is missing.`,
    remedy: 'Give it in the address or in a Parameters resource.',
    issue: 'required',
  });
}

function wrongType(name: string): OperationFault {
  return new OperationFault(400, {
    rule: 'terminology/parameter-type',
    at: name,
    message: `The parameter ${name} is not of its type: a code is a text, never a number, and a count is a whole number.`,
    remedy: 'See the definition of the operation in FHIR R4.',
    issue: 'value',
  });
}

const TYPES: Readonly<Record<string, string>> = {
  url: 'valueUri',
  system: 'valueUri',
  code: 'valueCode',
  codeA: 'valueCode',
  codeB: 'valueCode',
  count: 'valueInteger',
  offset: 'valueInteger',
};

/** Parameters of an address as a Parameters resource. */
export function givenInAddress(pairs: readonly (readonly [string, string])[]): Parameters {
  const parameter = pairs
    .filter(([name]) => name !== '_format')
    .map(([name, value]): ParametersParameter => {
      const type = TYPES[name] ?? 'valueString';
      return { name, [type]: type === 'valueInteger' && /^\d{1,9}$/.test(value) ? Number(value) : value };
    });
  return { resourceType: 'Parameters', parameter };
}
