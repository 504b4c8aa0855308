import type { RequestHandler } from 'express';

/** Lets callers with a role pass. Without one, nobody passes. */
export function requireRole(role?: string): RequestHandler {
  return (req, res, next) => {
    if (role !== undefined && req.user?.role === role) {
      next();
      return;
    }
    res.status(403).json({ error: 'Insufficient permissions' });
  };
}
