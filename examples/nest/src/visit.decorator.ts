import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Visit } from '../../framework-login/visit.js';

/** What an act reads of the request: `logIn(@VisitOf() visit: Visit)`. */
export const VisitOf = createParamDecorator((_: unknown, context: ExecutionContext): Visit => {
  const { session, body, query, secure, headers } = context.switchToHttp().getRequest<Request>();
  const form: unknown = body;
  return { session: session.login, form, query, isSecure: secure, header: (name) => headers[name] };
});
