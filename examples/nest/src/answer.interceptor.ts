import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import { browserCookie } from '../../framework-login/known-browser.js';
import type { Answer } from '../../framework-login/visit.js';
import { changeSession } from './session.js';

/** Sends what a controller answers: a page, or a redirect with what becomes of the session and the cookies. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor<Answer, string | undefined> {
  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<string | undefined> {
    const http = context.switchToHttp();
    return next.handle().pipe(mergeMap((answer) => send(http.getRequest(), http.getResponse(), answer)));
  }
}

async function send(req: Request, res: Response, answer: Answer): Promise<string | undefined> {
  if ('page' in answer) {
    res.status(200);
    return answer.page;
  }
  if (answer.change !== undefined) await changeSession(req, res, answer.change);
  if (answer.browser !== undefined) {
    const { name, value, options } = browserCookie(answer.browser, req.secure);
    res.cookie(name, value, options);
  }
  res.redirect(303, answer.goTo);
  return undefined;
}
