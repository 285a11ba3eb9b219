import type { Finding } from '../../core/finding.ts';
import type { Ask } from '../../ports.ts';

/** What a request asks of the road, and what is wrong with asking it. Content that could not be read gives no findings here. */
export interface Asking {
  readonly ask: Ask;
  readonly findings: readonly Finding[];
}

export type AskOf = (content: unknown) => Asking;

/** POST to the base: a transaction Bundle, or a message Bundle as some senders post it. */
export const askOfBundle: AskOf = (content) => {
  const type = bundleType(content);
  if (type === 'message') return { ask: { kind: 'fhir-message' }, findings: [] };
  const findings =
    type === 'transaction' || content === undefined ? [] : [notTaken(content, ['transaction', 'message'])];
  return { ask: { kind: 'fhir-transaction' }, findings };
};

/** POST to $process-message (R4 MessageHeader-process-message). Answered at once; there is no asynchronous form of it here. */
export function askOfMessage(wantsAsync: boolean): AskOf {
  return (content) => {
    const findings = bundleType(content) === 'message' || content === undefined ? [] : [notTaken(content, ['message'])];
    return { ask: { kind: 'fhir-message' }, findings: wantsAsync ? [...findings, noAsync()] : findings };
  };
}

/** POST to a type: one resource of that type, unconditionally. */
export function askOfCreate(type: 'ServiceRequest' | 'Task', ifNoneExist: boolean): AskOf {
  return (content) => ({
    ask: { kind: 'fhir-create', type },
    findings: [...wrongType(content, type), ...(ifNoneExist ? [noConditionalCreate()] : [])],
  });
}

/**
 * PUT to a Task. If-Match is required: an update that does not name the version it was made from would undo, unseen, what a
 * platform reported in between. R4 (http §3.1.0.5) leaves it to the server whether and with which status it insists: 400.
 */
export function askOfUpdate(id: string, ifMatch: string | undefined): AskOf {
  return (content) => ({
    ask: { kind: 'fhir-update', type: 'Task', id, ...(ifMatch !== undefined && { ifMatch }) },
    findings: [...wrongType(content, 'Task'), ...wrongId(content, id), ...(ifMatch === undefined ? [noVersion()] : [])],
  });
}

/** Undefined for what is no Bundle. */
export function bundleType(content: unknown): string | undefined {
  if (member(content, 'resourceType') !== 'Bundle') return undefined;
  const type = member(content, 'type');
  return typeof type === 'string' ? type : undefined;
}

/** A member of what nothing has checked yet. */
export function member(content: unknown, name: string): unknown {
  return typeof content === 'object' && content !== null && Object.hasOwn(content, name)
    ? Object.entries(content).find(([key]) => key === name)?.[1]
    : undefined;
}

function notTaken(content: unknown, taken: readonly string[]): Finding {
  const isBundle = member(content, 'resourceType') === 'Bundle';
  return {
    severity: 'error',
    rule: 'fhir/bundle-type',
    place: { expression: isBundle ? 'Bundle.type' : 'Bundle' },
    message: isBundle ? 'A Bundle of this type is not taken here.' : 'The body is not a Bundle.',
    remedy: `Send a Bundle of type ${taken.join(' or ')}; single resources go to /ServiceRequest or /Task.`,
    issue: 'not-supported',
  };
}

function wrongType(content: unknown, type: string): Finding[] {
  if (content === undefined || member(content, 'resourceType') === type) return [];
  return [
    {
      severity: 'error',
      rule: 'fhir/resource-type',
      place: { expression: `${type}.resourceType` },
      message: `The body is not a ${type}, and that is what this address takes.`,
      remedy: `Send a ${type}, or send this resource to the address of its own type.`,
      issue: 'value',
    },
  ];
}

function wrongId(content: unknown, id: string): Finding[] {
  if (content === undefined || member(content, 'id') === id) return [];
  return [
    {
      severity: 'error',
      rule: 'fhir/update-id',
      place: { expression: 'Task.id' },
      message: 'The id in the body is not the id in the address.',
      remedy: 'Read the Task, change it, and send it back with its id to the same address.',
      issue: 'value',
    },
  ];
}

function noVersion(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/if-match',
    place: { expression: 'If-Match' },
    message: 'The update does not say which version it was made from.',
    remedy: 'Read the Task, and send its ETag back as If-Match, under a new X-Request-Id.',
    issue: 'required',
  };
}

function noConditionalCreate(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/if-none-exist',
    place: { expression: 'If-None-Exist' },
    message: 'Conditional create is not supported here.',
    remedy: 'Leave If-None-Exist out and send X-Request-Id: the same request sent again has one effect.',
    issue: 'not-supported',
  };
}

function noAsync(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/async-message',
    place: { expression: 'http.async' },
    message: 'Messages are answered at once here, not later at another address.',
    remedy: 'Leave the parameter "async" out.',
    issue: 'not-supported',
  };
}
