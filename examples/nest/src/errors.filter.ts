import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Response } from 'express';
import * as pages from '../../framework-login/pages.js';
import * as words from '../../framework-login/words.js';
import { FromAnotherSite, NotYet } from './guards.js';
import { Refused } from './page.js';

/** Turns what was thrown into a page. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const res = host.switchToHttp().getResponse<Response>();
    if (error instanceof NotYet) res.redirect(303, '/');
    else if (error instanceof FromAnotherSite) res.status(403).send(pages.errorPage(words.fromAnotherSite));
    else if (error instanceof Refused) res.status(error.status).send(error.page);
    else if (error instanceof HttpException && error.getStatus() === 404)
      res.status(404).send(pages.errorPage(words.noSuchPage));
    else this.#unexpected(error, res);
  }

  #unexpected(error: unknown, res: Response): void {
    console.error(error);
    const { status, message } = words.describeError(error);
    res.status(status).send(pages.errorPage(message));
  }
}
