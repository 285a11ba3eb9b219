import { readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';

/** What a stage of a Dockerfile says of how its image is run, with what it takes over from the stage that it is made from. */
export interface Image {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** The command of HEALTHCHECK. */
  readonly healthcheck: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly workdir: string;
}

const NOTHING: Image = { entrypoint: [], command: [], healthcheck: [], env: {}, user: undefined, workdir: '/' };

/** The stages of a Dockerfile by name. Commands are those in JSON form; another form runs a shell, which these images have no use for. */
export function readImages(file: string): ReadonlyMap<string, Image> {
  const images = new Map<string, Image>();
  let stage = '';
  for (const instruction of DockerfileParser.parse(readFileSync(file, 'utf8')).getInstructions()) {
    const words = instruction.getArgumentsContent() ?? '';
    const keyword = instruction.getKeyword();
    if (keyword === 'FROM') {
      const [base = '', , name = base] = words.split(/\s+/);
      stage = name;
      images.set(stage, images.get(base) ?? NOTHING);
    } else {
      images.set(stage, { ...(images.get(stage) ?? NOTHING), ...said(keyword, words, images.get(stage) ?? NOTHING) });
    }
  }
  return images;
}

function said(keyword: string, words: string, image: Image): Partial<Image> {
  switch (keyword) {
    case 'ENTRYPOINT':
      return { entrypoint: listOf(words) };
    case 'CMD':
      return { command: listOf(words) };
    case 'HEALTHCHECK':
      return { healthcheck: listOf(words.slice(words.indexOf('['))) };
    case 'ENV': {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(words) ?? [];
      return { env: { ...image.env, [name]: value } };
    }
    case 'USER':
      return { user: words };
    case 'WORKDIR':
      return { workdir: words };
    default:
      return {};
  }
}

function listOf(words: string): string[] {
  const list: unknown = JSON.parse(words);
  if (!Array.isArray(list)) throw new Error(`a command that is not in JSON form: ${words}`);
  return list.map(String);
}
