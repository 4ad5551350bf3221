/**
 * What ended a call. `UNAVAILABLE`: Salesforce is down or did not answer, a later run goes on. `LIMIT`: the org has no calls left today.
 * `SIGN_IN`: nobody is let in with these credentials. `REFUSED`: the request itself is wrong.
 */
type TroubleKind = 'UNAVAILABLE' | 'LIMIT' | 'SIGN_IN' | 'REFUSED';

export class SalesforceTrouble extends Error {
  override readonly name = 'SalesforceTrouble';
  readonly kind: TroubleKind;
  /** Salesforce's `errorCode`, or what the transport said. */
  readonly code: string;

  constructor(kind: TroubleKind, code: string, message: string) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}
