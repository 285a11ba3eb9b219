import { describe, expect, it } from '@jest/globals';
import { decisionFindings } from '../../../src/config/checks/partner-decisions.ts';

describe('decisions about the codes of partners', () => {
  it('are found when no partner has the id that their directory is named after', () => {
    const config = { partners: [{ id: 'oak-road' }], engine: { mappings: '/m', terminology: '/t' } };
    const listed = ['needs.json', 'partners/oak-road/a.json', 'partners/oakroad/a.json', 'partners/oakroad/b.json'];
    const io = { list: (path: string) => (path === '/t' ? listed : []), readFile: () => '{}' };
    expect(decisionFindings(config, io)).toMatchObject([
      { severity: 'warning', rule: 'config/decisions-of-nobody', place: { file: '/t/partners/oakroad' } },
    ]);
  });
});
