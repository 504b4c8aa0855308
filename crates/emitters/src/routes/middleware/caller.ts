import type { RequestHandler } from 'express';

/** What a token says of its bearer, by the names of its claims; empty for whoever has none. */
export interface Caller {
  // The contract says which claims are read, and of what they are.
  [claim: string]: any;
}

declare global {
  namespace Express {
    interface Request {
      /** Who calls. */
      user: Caller;
    }
  }
}

/** Before anything else: nobody is known. */
export const anonymous: RequestHandler = (req, _res, next) => {
  req.user = {};
  next();
};
