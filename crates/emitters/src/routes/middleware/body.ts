import { Ajv2020 } from 'ajv/dist/2020.js';
import express from 'express';
import type { RequestHandler } from 'express';

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** Reads a body of JSON; one that was read before stays as it is. */
const read = express.json();

/** Reads the body, which nobody does before, and holds it to a JSON Schema. */
export function validateBody(schema: object): RequestHandler {
  const isValid = ajv.compile(schema);
  return (req, res, next) => {
    read(req, res, (error?: any) => {
      if (error) {
        const status: number = error.status ?? 400;
        res.status(status).json({ error: 'Unreadable request body', details: { reason: error.message } });
        return;
      }
      if (isValid(req.body)) {
        next();
        return;
      }
      const errors = (isValid.errors ?? []).map(({ instancePath, message }) => ({ path: instancePath, message }));
      res.status(400).json({ error: 'Invalid request body', details: { errors } });
    });
  };
}
