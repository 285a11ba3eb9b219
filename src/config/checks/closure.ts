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
  const isBusiness = field(outlet, 'acknowledges').value === 'business';
  return type === 'mllp' && !isBusiness ? [warningAt(outlet.path, NOT_FILED)] : [];
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
