/**
 * Where in the code a fault of ours arose, for the operational log: up to five frames of its stack. Never its message, which may
 * repeat what a message held, nor lines of that which only look like frames.
 */
export function faultFrames(fault: unknown): string {
  if (!(fault instanceof Error)) return '';
  const lines = (fault.stack ?? '').replace(fault.message, '').split('\n');
  const frames = lines.filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line)).map((line) => line.trim());
  return frames.slice(0, 5).join(' < ');
}
