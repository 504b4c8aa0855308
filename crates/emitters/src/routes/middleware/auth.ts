import type { Request, RequestHandler, Response } from 'express';
import jwt from 'jsonwebtoken';

/** Tokens signed in any other way are no tokens. */
const ALGORITHMS: jwt.Algorithm[] = ['HS256', 'HS384', 'HS512'];

/** The key that tokens are signed with. */
function secret(): string {
  const value = process.env.JWT_SECRET;
  if (value === undefined || value === '') {
    throw new Error('JWT_SECRET is not set');
  }
  return value;
}

/** The claims of a token; nothing where it is none of ours. */
function claims(token: string, key: string): jwt.JwtPayload | undefined {
  try {
    const decoded = jwt.verify(token, key, { algorithms: ALGORITHMS });
    return typeof decoded === 'string' ? undefined : decoded;
  } catch {
    return undefined;
  }
}

/** Learns who calls. Returns whether the request may go on. */
function identify(req: Request, res: Response, isOptional: boolean): boolean {
  const token = req.headers.authorization?.replace(/^Bearer +/i, '');
  if (!token) {
    req.user = {};
    if (!isOptional) {
      res.status(401).json({ error: 'Authentication required' });
    }
    return isOptional;
  }
  const decoded = claims(token, secret());
  if (decoded === undefined) {
    res.status(401).json({ error: 'Invalid token' });
    return false;
  }
  req.user = decoded;
  return true;
}

const required: RequestHandler = (req, res, next) => {
  if (identify(req, res, false)) {
    next();
  }
};

const optional: RequestHandler = (req, res, next) => {
  if (identify(req, res, true)) {
    next();
  }
};

/** Looks at no token. */
const skipped: RequestHandler = (_req, _res, next) => next();

/** `authentication: required`; `.optional` and `.public` are the other two. */
export const authenticate = Object.assign(required, { optional, public: skipped });
