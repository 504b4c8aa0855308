import { Router } from 'express';
import { authenticate, validateBody, validateProjectAccess } from '../middleware';
import { createCasting, listCastings, scrapCasting } from '../services/castings.service';

export const router = Router();

router.get('/api/projects/:projectId/castings', authenticate, validateProjectAccess, async (req, res) => {
  res.json(await listCastings(req.user.organisationId, req.params.projectId, req.query.page, req.query.limit));
});
router.post('/api/projects/:projectId/castings', authenticate, validateProjectAccess, validateBody, async (req, res) => {
  res.json(await createCasting(req.user.organisationId, req.params.projectId, req.body.mouldId));
});
router.post('/api/projects/:projectId/castings/:castingId/scrap', authenticate, validateProjectAccess, async (req, res) => {
  res.json(await scrapCasting(req.user.organisationId, req.params.projectId, req.params.castingId));
});
