/** What a requester may not, or had better not, do to the Task of its referral. */
import { error, note, type Wording, warning } from './referral-rules-wording.ts';

export const TASK_RULES = {
  'task/id': error('value', 'The id in the Task is not the id it was sent to.', 'Send the Task’s own id.'),
  'task/status': error(
    'business-rule',
    'A requester may set a Task to cancelled or entered-in-error only; other moves are the performer’s.',
    'Send status cancelled or entered-in-error, or the stored status.',
  ),
  'task/ended': error(
    'conflict',
    'The Task has ended; only entered-in-error can follow.',
    'Send a new referral, or entered-in-error if it should never have been.',
  ),
  'task/not-yours': error(
    'business-rule',
    'This element of the Task is not the requester’s to change.',
    'Send it as it was last read.',
  ),
  'task/kept': note(
    'informational',
    'An element that is not the requester’s was left out; the stored one stays.',
    'Send the Task as last read, changed only where you mean it.',
  ),
  'task/note-changed': error(
    'business-rule',
    'Notes are added, never changed.',
    'Send the earlier notes as last read and add yours.',
  ),
  'task/reason': warning('business-rule', 'A cancelled Task should say why.', 'Send Task.statusReason.'),
  'task/under-way': note(
    'business-rule',
    'Work has begun: this counts as a request to cancel, which the performer confirms or refuses.',
    'Wait for the answer in Task.status and businessStatus.',
  ),
} satisfies Record<string, Wording>;
