import { type DynamicModule, Module } from '@nestjs/common';
import { createTwoFactor, type TwoFactorOptions } from 'countersign';

/**
 * The token that the flow is injected by: `@Inject(TWO_FACTOR)`.
 *
 * `TwoFactor` is an interface. It is gone when the program runs, so Nest cannot find a provider by it.
 */
export const TWO_FACTOR = Symbol('TwoFactor');

/** The token of the clock, which the pages need to say how long to wait. */
export const CLOCK = Symbol('Clock');

/** Makes one `TwoFactor` for the whole application. */
@Module({})
export class TwoFactorModule {
  static register(options: TwoFactorOptions): DynamicModule {
    return {
      module: TwoFactorModule,
      global: true,
      providers: [
        { provide: TWO_FACTOR, useFactory: () => createTwoFactor(options) },
        { provide: CLOCK, useValue: options.now ?? Date.now },
      ],
      exports: [TWO_FACTOR, CLOCK],
    };
  }
}
