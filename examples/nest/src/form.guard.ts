import { type CanActivate, type ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { refuseRequest } from '../../framework-login/guard.js';

/** Refuses a request whose host is not ours, and a form that is not. The filter makes a page of it. */
@Injectable()
export class FormGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const refusal = refuseRequest(context.switchToHttp().getRequest<Request>());
    if (refusal !== null) throw new HttpException(refusal.message, refusal.status);
    return true;
  }
}
