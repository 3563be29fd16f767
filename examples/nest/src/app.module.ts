import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { TwoFactorOptions } from 'countersign';
import { ErrorsFilter } from './errors.filter.js';
import { LoginGuard } from './guards.js';
import { LoginController } from './login.controller.js';
import { SettingsController } from './settings.controller.js';
import { TwoFactorModule } from './two-factor.module.js';

/** The login. */
@Module({})
export class AppModule {
  static register(options: TwoFactorOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [TwoFactorModule.register(options)],
      controllers: [LoginController, SettingsController],
      providers: [
        { provide: APP_GUARD, useClass: LoginGuard },
        { provide: APP_FILTER, useClass: ErrorsFilter },
      ],
    };
  }
}
