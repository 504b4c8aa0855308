import type { RequestHandler } from 'express';
import multer from 'multer';

/** What an endpoint says of the files it takes. */
export interface UploadLimits {
  /** The largest file, in megabytes of 1024 * 1024 bytes. */
  maxSizeMb: number;
  /** Media types as the client names them. */
  allowedMimeTypes: string[];
}

/** A file of a type that the endpoint does not take. */
class FileTypeError extends Error {}

/** Takes one file, in the field `file`. */
export function multerUpload(endpoint: UploadLimits): RequestHandler {
  const upload = multer({
    storage: multer.memoryStorage(),
    limits: { fileSize: endpoint.maxSizeMb * 1024 * 1024 },
    fileFilter: (_req, file, done) => {
      if (endpoint.allowedMimeTypes.includes(file.mimetype)) {
        done(null, true);
      } else {
        done(new FileTypeError(`Invalid file type. Allowed: ${endpoint.allowedMimeTypes.join(', ')}`));
      }
    },
  }).single('file');
  return (req, res, next) => {
    upload(req, res, (error: unknown) => {
      if (error instanceof FileTypeError) {
        const details = { allowedMimeTypes: endpoint.allowedMimeTypes };
        res.status(400).json({ error: error.message, details });
      } else if (error instanceof multer.MulterError) {
        const status = error.code === 'LIMIT_FILE_SIZE' ? 413 : 400;
        res.status(status).json({ error: error.message, details: { maxSizeMb: endpoint.maxSizeMb } });
      } else {
        next(error);
      }
    });
  };
}
