import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { TwoFactorOptions } from 'countersign';
import type { Customers } from '../../framework-login/customers.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { ErrorsFilter } from './errors.filter.js';
import { FormGuard } from './form.guard.js';
import { LoginController } from './login.controller.js';
import { SettingsController } from './settings.controller.js';
import { TwoFactorModule } from './two-factor.module.js';

/** The login. */
@Module({})
export class AppModule {
  static register(options: TwoFactorOptions, customers: Customers): DynamicModule {
    return {
      module: AppModule,
      imports: [TwoFactorModule.register(options, customers)],
      controllers: [LoginController, SettingsController],
      providers: [
        { provide: APP_GUARD, useClass: FormGuard },
        { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
        { provide: APP_FILTER, useClass: ErrorsFilter },
      ],
    };
  }
}
