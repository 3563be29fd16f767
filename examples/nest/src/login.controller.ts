import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { Services } from '../../framework-login/acts.js';
import { type LoginActs, loginActs } from '../../framework-login/login.js';
import type { Answer, Visit } from '../../framework-login/visit.js';
import { SERVICES } from './two-factor.module.js';
import { VisitOf } from './visit.decorator.js';

/** The password, and the second step. */
@Controller()
export class LoginController {
  readonly #acts: LoginActs;

  constructor(@Inject(SERVICES) services: Services) {
    this.#acts = loginActs(services);
  }

  @Get('/')
  home(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.home(visit);
  }

  @Post('/login')
  logIn(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.logIn(visit);
  }

  @Get('/security-token')
  askCode(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.askCode(visit);
  }

  @Post('/security-token')
  complete(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.complete(visit);
  }

  @Post('/security-token/new')
  sendAgain(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.sendAgain(visit);
  }

  @Post('/logout')
  logOut(@VisitOf() visit: Visit): Promise<Answer> {
    return this.#acts.logOut(visit);
  }
}
