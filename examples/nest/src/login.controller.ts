import { Body, Controller, Get, Inject, Post, Redirect, Req, Res } from '@nestjs/common';
import type { TwoFactor } from 'countersign';
import type { Request, Response } from 'express';
import { checkPassword, findCustomer } from '../../framework-login/customers.js';
import * as pages from '../../framework-login/pages.js';
import * as words from '../../framework-login/words.js';
import { type Fields, textOf } from './fields.js';
import { After } from './guards.js';
import { Refused } from './page.js';
import { endSession, type Pending, renewSession } from './session.js';
import { CLOCK, TWO_FACTOR } from './two-factor.module.js';

/** The password, and the second step. */
@Controller()
export class LoginController {
  constructor(
    @Inject(TWO_FACTOR) private readonly twoFactor: TwoFactor,
    @Inject(CLOCK) private readonly now: () => number,
  ) {}

  @Get('/')
  begin(@Req() { session }: Request, @Res({ passthrough: true }) res: Response): string | undefined {
    if (session.userId !== undefined) res.redirect(303, '/master-data');
    else if (session.pending !== undefined) res.redirect(303, '/security-token');
    else return pages.loginPage();
    return undefined;
  }

  @Post('/login')
  @Redirect('/security-token', 303)
  async logIn(@Req() req: Request, @Body() body: Fields): Promise<void> {
    const customer = await checkPassword(textOf(body, 'number'), textOf(body, 'password'));
    if (customer === null) throw new Refused(422, pages.loginPage({ wrong: words.wrongPassword }));
    const { number: userId, email } = customer;
    const begun = await this.twoFactor.begin({ userId, email });
    if (!begun.ok) {
      throw new Refused(429, pages.loginPage({ notice: words.describeRefusal(begun, this.now()) }));
    }
    await renewSession(req, { pending: { userId, ...begun } });
  }

  @Post('/logout')
  async logOut(@Req() req: Request, @Res() res: Response): Promise<void> {
    await endSession(req);
    res.clearCookie('session').redirect(303, '/');
  }

  @Get('/security-token')
  @After('password')
  ask(@Req() req: Request): string {
    return pages.secondStepPage(pendingOf(req).sentTo);
  }

  @Post('/security-token')
  @After('password')
  @Redirect('/master-data', 303)
  async complete(@Req() req: Request, @Body() body: Fields): Promise<void> {
    const { userId, challenge, sentTo } = pendingOf(req);
    const result = await this.twoFactor.complete({ userId, challenge, code: textOf(body, 'code') });
    if (!result.ok) {
      throw new Refused(
        422,
        pages.secondStepPage(sentTo, { wrong: words.describeRefusal(result, this.now()) }),
      );
    }
    await renewSession(req, { userId: result.userId });
  }

  @Post('/security-token/new')
  @After('password')
  @Redirect('/security-token', 303)
  async sendAgain(@Req() req: Request): Promise<void> {
    const { userId, sentTo } = pendingOf(req);
    const begun = await this.twoFactor.begin({ userId, email: findCustomer(userId)?.email ?? null });
    if (!begun.ok) {
      throw new Refused(
        429,
        pages.secondStepPage(sentTo, { notice: words.describeRefusal(begun, this.now()) }),
      );
    }
    await renewSession(req, { pending: { userId, ...begun } });
  }
}

/** The guard has seen that there is one. */
function pendingOf({ session: { pending } }: Request): Pending {
  if (pending === undefined) throw new Error('no login has begun');
  return pending;
}
