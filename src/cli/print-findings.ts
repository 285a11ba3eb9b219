import type { Finding } from '../core/finding.ts';

/** Where it is, in one word: `hearback.yaml:12:7`; `-` where it is nowhere. */
export function findingSpot({ place }: Pick<Finding, 'place'>): string {
  const spot = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
  const within = place.line === undefined ? place.expression : undefined;
  return [spot, within].filter(Boolean).join(' ') || '-';
}

/** One finding as people read it: `hearback.yaml:12:7 error config/unknown-key  What is wrong. What to do.` */
export function findingLine({ place, severity, rule, message, remedy }: Finding): string {
  return `${findingSpot({ place })} ${severity} ${rule}\n    ${message}\n    ${remedy}`;
}

/** The same for programs. `fix` is the remedy. */
export function findingJson({ place, rule, message, remedy }: Finding) {
  const { file, line, column, expression } = place;
  return { file, line, column, ...(line === undefined && { expression }), rule, message, fix: remedy };
}
