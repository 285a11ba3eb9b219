/** A partner as pages name it. */
export interface ConsolePartner {
  readonly id: string;
  /** Of its organisation. */
  readonly name: string;
  readonly kind: 'gp-system' | 'vcse-platform';
}
