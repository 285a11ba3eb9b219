/** Which edition of which concept map decided: its canonical url and version. */
export interface MapStamp {
  readonly url: string;
  readonly version?: string;
}
