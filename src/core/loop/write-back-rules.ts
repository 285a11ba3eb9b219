/** What one practice wants of what is written into its record. Nothing here is guessed: the configuration says it. */
export interface WriteBackRules {
  /** `every`: an item for each event. `digest`: one when something is to be done, otherwise a summary at the end or by period. */
  readonly items: 'every' | 'digest';
  /** With `digest`: a summary at least so often while there is news. Absent: at the end alone. */
  readonly periodMs?: number;
  /** With `digest`: at most so many items, the end's included; what is urgent or calls for something to be done is sent in any case. */
  readonly most?: number;
  /** `codes-only`: no free text leaves. */
  readonly content: 'full' | 'codes-only';
  /** What the patient must not see by themselves: labelled for the record, or held for a person. */
  readonly notForPatientView: 'label' | 'hold';
  /** Who writes the national referral code, once an episode: the GP with the request, or Hearback at the first acceptance. */
  readonly referralCode: 'gp' | 'hearback';
  /** False: the practice takes no structured entries. */
  readonly structured: boolean;
  /** What is sent where the structured way is off or was refused. */
  readonly fallback: 'none' | 'document';
  /** Whether the patient is looked up at the practice's door, and compared, before anything is filed. */
  readonly checkPerson: boolean;
}

/** What holds when a configuration says nothing: as it was before there were rules. */
export const USUAL_RULES: WriteBackRules = {
  items: 'every',
  content: 'full',
  notForPatientView: 'label',
  referralCode: 'gp',
  structured: true,
  fallback: 'none',
  checkPerson: false,
};
