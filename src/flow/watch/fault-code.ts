/** A code or a class name; an error's message may quote what it was working on. */
export function faultCode(fault: unknown): string {
  if (typeof fault !== 'object' || fault === null) return typeof fault;
  if ('code' in fault && typeof fault.code === 'string') return fault.code;
  return fault instanceof Error ? fault.name : 'object';
}
