/** What a platform does about one person, step by step. The words are its own (its README below mappings/). */
export interface Step {
  /** Milliseconds after the step before. */
  readonly afterMs: number;
  /** The platform's status word. */
  readonly status: string;
  readonly reason?: string;
  readonly note?: string;
  /** Wellbeing scores (SWEMWBS raw total, 7 to 35). */
  readonly before?: Score;
  readonly after?: Score;
}

export interface Score {
  readonly total: number;
  readonly items?: readonly number[];
}

/** Playbooks by NHS number; somebody without one is received and never spoken of. */
export type Playbooks = ReadonlyMap<string, readonly Step[]>;
