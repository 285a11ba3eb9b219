import { type Problem, warningAt } from '../problem.ts';
import { field, isSection, items, type Spot } from '../spot.ts';

/** Where a loop would close on what the GP system answered alone: allowed, and said, because nobody has seen the record then. */
export function closureProblems(root: Spot): Problem[] {
  return items(field(root, 'partners'))
    .filter((partner) => field(partner, 'kind').value === 'gp-system')
    .flatMap((partner) => {
      const [outlet, other] = items(field(partner, 'outlets'));
      return outlet === undefined || other !== undefined ? [] : ofOutlet(outlet);
    });
}

function ofOutlet(outlet: Spot): Problem[] {
  const type = field(outlet, 'type').value;
  if (type === 'fhir' && !isSection(field(outlet, 'readBack').value)) return [warningAt(outlet.path, NOT_READ)];
  const acknowledges = field(outlet, 'acknowledges').value;
  if (acknowledges === 'business') return [];
  if (type === 'amqp') return [warningAt(outlet.path, acknowledges === 'technical' ? NOT_SAID_FILED : NOT_HEARD)];
  return type === 'mllp' ? [warningAt(outlet.path, NOT_FILED)] : [];
}

const NOT_READ = {
  rule: 'config/closes-technical',
  message: 'Loops close on what this GP system answers alone: whether its record holds what was written is never seen.',
  remedy: 'Add `readBack: {}` where the record can be searched. Without it loops are labelled "only technical".',
};

const NOT_FILED = {
  rule: 'config/closes-technical',
  message:
    'Loops close on the acknowledgement of this GP system alone: whether anybody filed what was sent is never heard.',
  remedy:
    'Agree on an application acknowledgement when it is filed, and set `acknowledges: business`. Without it loops are labelled.',
};

const NOT_HEARD = {
  rule: 'config/closes-transport',
  message:
    'Loops close when the broker has what is sent to this GP system: whether the GP system ever took it from there is never heard.',
  remedy:
    'Agree that it acknowledges each message when it is filed, and set `acknowledges: business`. Without it loops are labelled "only transport".',
};

const NOT_SAID_FILED = {
  rule: 'config/closes-technical',
  message:
    'Loops close when the system of this practice has what is sent: whether anybody filed it is never heard, and its record is not read.',
  remedy:
    'Agree on an acknowledgement when it is filed, and set `acknowledges: business`. Without it loops are labelled.',
};
