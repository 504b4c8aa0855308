import { Router } from 'express';
import { authenticate, multerUpload, validateBody, validateProjectAccess } from '../middleware';
import { deleteDrawing, listDrawings, uploadDrawing } from '../services/drawings.service';

export const router = Router();

router.get('/api/projects/:projectId/drawings', authenticate, validateProjectAccess, async (req, res) => {
  res.json(await listDrawings(req.user.organisationId, req.params.projectId, req.query.page, req.query.limit));
});
router.post('/api/projects/:projectId/drawings/upload', authenticate, validateProjectAccess, multerUpload, validateBody, async (req, res) => {
  res.json(await uploadDrawing(req.user.organisationId, req.params.projectId, req.user.id, req.file, req.body.title));
});
router.delete('/api/projects/:projectId/drawings/:drawingId', authenticate, validateProjectAccess, async (req, res) => {
  res.json(await deleteDrawing(req.user.organisationId, req.params.projectId, req.params.drawingId));
});
