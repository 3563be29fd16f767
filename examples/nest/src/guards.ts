import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { isCrossSite } from '../../framework-login/cross-site.js';
import { findCustomer } from '../../framework-login/customers.js';

/** How far a login must have come. */
export type Step = 'password' | 'both';

const STEP = 'step';

/** Lets a request in only after this step of the login: `'password'` or `'both'`. */
export const After = (step: Step) => SetMetadata(STEP, step);

/** Thrown where a login has not come far enough: the filter leads back to its beginning. */
export class NotYet extends Error {}

/** Thrown for a form that another site sent. */
export class FromAnotherSite extends Error {}

/** Guards every route: forms must be our own, and the login must have come as far as `@After` says. */
@Injectable()
export class LoginGuard implements CanActivate {
  readonly #reflector = new Reflector();

  canActivate(context: ExecutionContext): boolean {
    const { method, headers, session } = context.switchToHttp().getRequest<Request>();
    if (method === 'POST' && isCrossSite(headers)) throw new FromAnotherSite();
    const step = this.#reflector.get<Step | undefined>(STEP, context.getHandler());
    if (step === 'password' && session.pending === undefined) throw new NotYet();
    if (step === 'both' && findCustomer(session.userId ?? '') === undefined) throw new NotYet();
    return true;
  }
}
