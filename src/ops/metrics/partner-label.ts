/** What stands in the place of a partner that the configuration does not name (any more). */
const OTHER = 'other';

/**
 * Labels that name partners. A label is a time series for as long as whoever collects them keeps it, and is shown to people who
 * may see no patient's data: so only what the configuration names becomes one, whatever else is asked for.
 */
export function partnerLabel(known: readonly string[]): (partner: string) => string {
  const names = new Set(known);
  return (partner) => (names.has(partner) ? partner : OTHER);
}
