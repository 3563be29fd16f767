const STEP_SECONDS = 30;

/** What should become of a customer's account, told in the simplest words; durations in seconds. */
export class AccountModel {
  now = 0;
  app: { lastStep: number; drift: number } | null = null;
  pendingUntil = -1;
  recovery = new Set<number>();
  token: { until: number; attempts: number } | null = null;
  failures = 0;
  inARow = 0;
  failedAt = 0;

  begin(): string {
    if (this.failures >= MAX_FAILURES) return 'locked';
    if (this.app) return 'authenticator';
    this.token = { until: this.now + 900, attempts: 0 };
    return 'email';
  }

  completeMail(isRight: boolean): string {
    if (this.app) return this.wrong();
    if (this.failures >= MAX_FAILURES) return 'locked';
    if (!this.token || this.token.until <= this.now) return 'gone';
    if (this.token.attempts >= 5) return 'exhausted';
    const blocked = this.blocked();
    if (blocked) return blocked;
    this.token = isRight ? null : { ...this.token, attempts: this.token.attempts + 1 };
    return isRight ? this.right() : this.wrong();
  }

  /** A code that the app shows so many steps from now; null: at no time near. */
  proveByApp(offset: number | null): string {
    if (!this.app) return 'gone';
    const blocked = this.blocked();
    if (blocked) return blocked;
    if (offset === null || Math.min(Math.abs(offset), Math.abs(offset - this.app.drift)) > 1)
      return this.wrong();
    const step = Math.floor(this.now / STEP_SECONDS) + offset;
    if (step <= this.app.lastStep) return 'replayed';
    this.app = { lastStep: step, drift: offset };
    return this.right();
  }

  proveByRecovery(index: number): string {
    if (!this.app) return 'gone';
    const blocked = this.blocked();
    if (blocked) return blocked;
    return this.recovery.delete(index) ? this.right() : this.wrong();
  }

  confirm(isRight: boolean): string {
    if (this.app) return 'active';
    if (this.pendingUntil <= this.now) return 'gone';
    const blocked = this.blocked();
    if (blocked) return blocked;
    if (!isRight) return this.wrong();
    this.app = { lastStep: Math.floor(this.now / STEP_SECONDS), drift: 0 };
    this.renew();
    this.pendingUntil = -1;
    this.token = null;
    return this.right();
  }

  renew(): void {
    this.recovery = new Set(Array.from({ length: 10 }, (_, index) => index));
  }

  deactivate(): void {
    this.app = null;
    this.recovery.clear();
  }

  unlock(): void {
    this.failures = this.inARow = 0;
  }

  private blocked(): string | null {
    if (this.failures >= MAX_FAILURES) return 'locked';
    const beyond = this.inARow - 4;
    const isDelayed = beyond > 0 && this.now < this.failedAt + 30 * 2 ** (beyond - 1);
    return isDelayed ? 'delayed' : null;
  }

  private wrong(): string {
    const blocked = this.blocked();
    if (blocked) return blocked;
    this.failures++;
    this.inARow++;
    this.failedAt = this.now;
    return 'mismatch';
  }

  private right(): string {
    this.inARow = 0;
    return 'ok';
  }
}

/** The budget that the real flow must be given too. */
export const MAX_FAILURES = 10;
