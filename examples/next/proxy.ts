import { type NextRequest, NextResponse } from 'next/server';

/** The names that browsers reach the example by. Put the names of your login there. */
const hosts = ['localhost', '127.0.0.1', '[::1]'];

/** Refuses other names: a page elsewhere can make its own name lead to this machine. Next compares `Origin` itself. */
export function proxy(request: NextRequest): NextResponse {
  const host = (request.headers.get('host') ?? '').replace(/:\d+$/, '').toLowerCase();
  if (hosts.includes(host)) return NextResponse.next();
  return new NextResponse('This address leads to another site.', { status: 421 });
}
