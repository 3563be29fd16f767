import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { Services } from '../../framework-login/acts.js';
import { type SettingsActs, settingsActs } from '../../framework-login/settings.js';
import type { Answer, Visit } from '../../framework-login/visit.js';
import { SERVICES } from './two-factor.module.js';
import { VisitOf } from './visit.decorator.js';

/** Master Data, where customers switch their app on and off. */
@Controller()
export class SettingsController {
  readonly #acts: SettingsActs;

  constructor(@Inject(SERVICES) services: Services) {
    this.#acts = settingsActs(services);
  }

  @Get('/master-data')
  masterData(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.masterData(visit);
  }

  @Post('/activation')
  activate(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.activate(visit);
  }

  @Get('/activation')
  showActivation(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.showActivation(visit);
  }

  @Post('/activation/token')
  prove(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.prove(visit);
  }

  @Post('/activation/confirm')
  confirm(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.confirm(visit);
  }

  @Get('/recovery-codes')
  showCodes(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.showCodes(visit);
  }

  @Post('/deactivation')
  deactivate(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.deactivate(visit);
  }
}
