import { Router } from 'express';
import { authenticate, validateBody, validateProjectAccess } from '../middleware';
import { recordInspection } from '../services/inspections.service';

export const router = Router();

router.post('/api/projects/:projectId/inspections', authenticate, validateProjectAccess, validateBody, async (req, res) => {
  res.json(await recordInspection(req.user.organisationId, req.params.projectId, req.body.castingId, req.body.verdict, req.body.measurements));
});
