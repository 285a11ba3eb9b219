/** What reading a configuration needs from its surroundings. Given, so that the reading itself touches no disk and no environment. */
export interface ConfigIo {
  /** The text of a file, or undefined when it cannot be read. */
  readFile(path: string): string | undefined;
  /** The value of an environment variable, or undefined when it is not set. */
  env(name: string): string | undefined;
  /** All files below a directory, as paths relative to it with `/` between the parts; undefined when there is no such directory. */
  list(directory: string): readonly string[] | undefined;
}
