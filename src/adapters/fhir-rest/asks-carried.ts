import { isResponse } from '../../core/fhir/read-response.ts';
import type { Finding } from '../../core/finding.ts';
import { type AskOf, bundleType, member } from './asks.ts';

/**
 * What FHIR asks for that has no method and no address:
 *
 *   a transaction Bundle                            as POST to the base
 *   a message Bundle                                as POST to $process-message
 *   a message Bundle with MessageHeader.response    the acknowledgement of something that was sent
 *   a Task                                          as PUT to it; `meta.versionId` stands for If-Match
 */
export const askOfCarried: AskOf = (content) => {
  if (member(content, 'resourceType') === 'Task') return askOfTask(content);
  if (isResponse(content)) return { ask: { kind: 'fhir-acknowledgement' }, findings: [] };
  const type = bundleType(content);
  if (type === 'message') return { ask: { kind: 'fhir-message' }, findings: [] };
  const isTaken = type === 'transaction' || content === undefined;
  return { ask: { kind: 'fhir-transaction' }, findings: isTaken ? [] : [notTaken(type)] };
};

function askOfTask(content: unknown): ReturnType<AskOf> {
  const [id, version] = [member(content, 'id'), member(member(content, 'meta'), 'versionId')];
  const isNamed = typeof id === 'string' && id !== '';
  const isVersioned = typeof version === 'string' && version !== '';
  return {
    ask: {
      ...({ kind: 'fhir-update', type: 'Task' } as const),
      id: isNamed ? id : '',
      ...(isVersioned && { ifMatch: version }),
    },
    findings: [...(isNamed ? [] : [noId()]), ...(isVersioned ? [] : [noVersion()])],
  };
}

function notTaken(type: string | undefined): Finding {
  return {
    severity: 'error',
    rule: 'fhir/bundle-type',
    place: { expression: type === undefined ? 'Bundle' : 'Bundle.type' },
    message:
      type === undefined ? 'The body is neither a Bundle nor a Task.' : 'A Bundle of this type is not taken here.',
    remedy: 'Send a Bundle of type transaction or message, or the Task that is to change.',
    issue: 'not-supported',
  };
}

function noId(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/update-id',
    place: { expression: 'Task.id' },
    message: 'The Task does not say which one is to change.',
    remedy: 'Send the Task with the id that it was given here.',
    issue: 'required',
  };
}

/** As with If-Match: an update that names no version would undo, unseen, what a platform reported in between. */
function noVersion(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/if-match',
    place: { expression: 'Task.meta.versionId' },
    message: 'The update does not say which version it was made from.',
    remedy:
      'Send the Task with the meta.versionId that it had when you read it, under a new id; or cancel by a message.',
    issue: 'required',
  };
}
