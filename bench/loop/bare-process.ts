/**
 * The bare script, in a process of its own: for each message that comes in the commits and the calls of a recorded loop, with
 * other names, and nothing else. It reads nothing, checks nothing and translates nothing.
 */
import { createServer } from 'node:http';
import { v7 } from 'uuid';
import { listen } from '../../docker/simulators/listening.ts';
import { type Names, type Script, type Segment, written } from './bare/script.ts';
import { type BareWriter, openWriter } from './bare/writer.ts';
import { nhsNumberIn } from './messages.ts';
import { takeOrders } from './orders.ts';
import { newPoster } from './post.ts';
import { readRequest } from './read-request.ts';
import type { RecordPlace } from './town.ts';

export interface BareOrder {
  readonly script: Script;
  /** How many names a loop has. */
  readonly names: number;
  readonly place: RecordPlace;
  readonly gp: string;
  readonly platform: string;
}

interface Loop {
  readonly names: Names;
  next: number;
  /** What is still under way of it. */
  line: Promise<void>;
}

const poster = newPoster(64);
/** What is still under way, of all loops. */
const under = new Set<Promise<void>>();

takeOrders({
  /** The GP has heard the end of a loop before it is written down. */
  finish: async () => void (await Promise.all(under)),
  async listen({ script, names, place, ...addresses }: BareOrder): Promise<string> {
    const writer = await openWriter(place);
    const loops = new Map<string, Loop>();
    const server = createServer(async (request, response) => {
      const nhsNumber = nhsNumberIn(await readRequest(request));
      const loop = loops.get(nhsNumber) ?? newLoop(nhsNumber, names);
      loops.set(nhsNumber, loop);
      const segment = script.segments[loop.next];
      loop.next += 1;
      if (loop.next === script.segments.length) loops.delete(nhsNumber);
      if (segment === undefined) throw new Error('a message too many');
      // As it was recorded: a message comes to a lane in which nothing stands.
      await loop.line;
      await writer.write({ changes: segment.receive, names: loop.names });
      response.writeHead(segment.answer.status, segment.answer.headers).end(written(segment.answer.body, loop.names));
      const line = loop.line.then(() => follow(segment, loop.names, { writer, ...addresses }));
      loop.line = line;
      under.add(line);
      void line.then(() => under.delete(line));
    });
    return `http://127.0.0.1:${await listen(server, 0)}`;
  },
});

function newLoop(nhsNumber: string, names: number): Loop {
  const rest = Array.from({ length: names - 1 }, () => v7());
  return { names: [nhsNumber, ...rest], next: 0, line: Promise.resolve() };
}

interface Given {
  readonly writer: BareWriter;
  readonly gp: string;
  readonly platform: string;
}

async function follow({ steps }: Segment, names: Names, { writer, gp, platform }: Given): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'write') await writer.write({ changes: step.changes, names });
    else
      await poster.post(
        step.to === 'gp' ? gp : platform,
        { 'content-type': step.contentType },
        written(step.body, names),
      );
  }
}
