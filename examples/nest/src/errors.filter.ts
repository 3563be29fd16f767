import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Response } from 'express';
import { errorPage } from '../../framework-login/pages.js';
import { describeError, noSuchPage } from '../../framework-login/words.js';

/** Turns what was thrown into a page. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const { status, message } = describe(error);
    host.switchToHttp().getResponse<Response>().status(status).send(errorPage(message));
  }
}

function describe(error: unknown): { status: number; message: string } {
  if (!(error instanceof HttpException)) {
    console.error(error);
    return describeError(error);
  }
  const status = error.getStatus();
  return { status, message: status === 404 ? noSuchPage : error.message };
}
