import { evaluateEcl } from '../../src/core/terminology/ecl/evaluate.ts';
import { parseEcl } from '../../src/core/terminology/ecl/parse.ts';
import type { SnomedRelease } from '../../src/core/terminology/release/snomed-release.ts';

const WANTED = 10_000;

/** An expression with about ten thousand members in this release, and how many they are. */
export function expansionOfTenThousand(release: SnomedRelease): { readonly ecl: string; readonly members: number } {
  const candidates = Array.from({ length: Math.min(400, release.size) }, (_none, at) => {
    const ecl = `<< ${release.codeOf(at)}`;
    return { ecl, members: count(evaluateEcl(parseEcl(ecl), release)) };
  });
  const nearness = ({ members }: { readonly members: number }) => Math.abs(members - WANTED);
  return candidates.sort((one, other) => nearness(one) - nearness(other))[0] ?? { ecl: '*', members: release.size };
}

function count(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}
