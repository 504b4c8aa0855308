import type { RequestHandler } from 'express';

/** How often an endpoint may be called. */
export interface RateLimits {
  /** Calls of one caller in one window. */
  requests: number;
  /** How long a window is. */
  windowMinutes: number;
}

/** Counts calls in this process, of each caller: the user where there is one, else the address. */
export function rateLimit(limits: RateLimits): RequestHandler {
  const span = limits.windowMinutes * 60 * 1000;
  let counts = new Map<string, number>();
  let end = 0;
  return (req, res, next) => {
    const now = Date.now();
    if (now >= end) {
      counts = new Map();
      end = now + span;
    }
    const user: unknown = req.user?.id ?? req.user?.sub;
    const caller = user === undefined ? `address ${req.ip}` : `user ${user}`;
    const count = (counts.get(caller) ?? 0) + 1;
    counts.set(caller, count);
    if (count <= limits.requests) {
      next();
      return;
    }
    res.set('Retry-After', String(Math.ceil((end - now) / 1000)));
    res.status(429).json({ error: 'Too many requests' });
  };
}
