import { Body, Controller, Get, HttpCode, Inject, Post, Redirect, Req, Res } from '@nestjs/common';
import type { TwoFactor } from 'countersign';
import type { Request, Response } from 'express';
import { type Customer, findCustomer } from '../../framework-login/customers.js';
import * as pages from '../../framework-login/pages.js';
import * as words from '../../framework-login/words.js';
import { type Fields, textOf } from './fields.js';
import { After, NotYet } from './guards.js';
import { Refused } from './page.js';
import { CLOCK, TWO_FACTOR } from './two-factor.module.js';

/** Master Data, where customers switch their app on and off. */
@Controller()
export class SettingsController {
  constructor(
    @Inject(TWO_FACTOR) private readonly twoFactor: TwoFactor,
    @Inject(CLOCK) private readonly now: () => number,
  ) {}

  @Get('/master-data')
  @After('both')
  async show(@Req() req: Request): Promise<string> {
    const customer = customerOf(req);
    return pages.masterDataPage(customer, await this.twoFactor.status(customer.number));
  }

  @Post('/activation')
  @HttpCode(200)
  @After('both')
  async activate(
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<string | undefined> {
    const { number } = customerOf(req);
    const begun = await this.twoFactor.beginActivation({ userId: number, account: number });
    if (begun.ok) return pages.activationPage(begun);
    res.redirect(303, '/master-data');
    return undefined;
  }

  @Post('/activation/confirm')
  @HttpCode(200)
  @After('both')
  async confirm(@Req() req: Request, @Body() body: Fields): Promise<string> {
    const { number: userId } = customerOf(req);
    const result = await this.twoFactor.confirmActivation({ userId, code: textOf(body, 'code') });
    if (result.ok) return pages.setupCompletePage(result.recoveryCodes ?? []);
    throw new Refused(422, pages.activationRetryPage(words.describeRefusal(result, this.now())));
  }

  @Post('/deactivation')
  @Redirect('/master-data', 303)
  @After('both')
  async deactivate(@Req() req: Request, @Body() body: Fields): Promise<void> {
    const customer = customerOf(req);
    const userId = customer.number;
    const result = await this.twoFactor.deactivate({ userId, code: textOf(body, 'code') });
    if (result.ok) return;
    const status = await this.twoFactor.status(userId);
    const page = pages.masterDataPage(customer, status, words.describeRefusal(result, this.now()));
    throw new Refused(422, page);
  }
}

function customerOf({ session }: Request): Customer {
  const customer = findCustomer(session.userId ?? '');
  if (customer === undefined) throw new NotYet();
  return customer;
}
