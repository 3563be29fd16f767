import { type DynamicModule, Module } from '@nestjs/common';
import { createTwoFactor, type TwoFactor, type TwoFactorOptions } from 'countersign';
import type { Services } from '../../framework-login/acts.js';
import { memoryCompletions } from '../../framework-login/completions.js';
import { type Customers, noteApps } from '../../framework-login/customers.js';

/**
 * The token that the flow is injected by: `@Inject(TWO_FACTOR)`.
 *
 * `TwoFactor` is an interface. It is gone when the program runs, so Nest cannot find a provider by it.
 */
export const TWO_FACTOR = Symbol('TwoFactor');

/** The token of what the acts of the login work with. */
export const SERVICES = Symbol('Services');

/** Makes one `TwoFactor` for the whole application. */
@Module({})
export class TwoFactorModule {
  static register(options: TwoFactorOptions, customers: Customers): DynamicModule {
    const { now = Date.now } = options;
    return {
      module: TwoFactorModule,
      global: true,
      providers: [
        {
          provide: TWO_FACTOR,
          useFactory: () => createTwoFactor({ ...options, onEvent: noteApps(customers) }),
        },
        {
          provide: SERVICES,
          inject: [TWO_FACTOR],
          useFactory: (twoFactor: TwoFactor): Services => ({
            ...{ twoFactor, customers, now },
            completions: memoryCompletions(now),
          }),
        },
      ],
      exports: [TWO_FACTOR, SERVICES],
    };
  }
}
