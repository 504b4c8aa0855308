import { Router } from 'express';
import { authenticate, requireRole, validateBody } from '../middleware';
import { createMould, listMoulds, updateMould } from '../services/moulds.service';

export const router = Router();

router.get('/api/moulds', authenticate, async (req, res) => {
  res.json(await listMoulds(req.user.organisationId, req.query.page, req.query.limit));
});
router.post('/api/moulds', authenticate, requireRole, validateBody, async (req, res) => {
  res.json(await createMould(req.user.organisationId, req.body.name, req.body.category));
});
router.patch('/api/moulds/:mouldId', authenticate, requireRole, validateBody, async (req, res) => {
  res.json(await updateMould(req.user.organisationId, req.params.mouldId, req.body.name, req.body.isDefault));
});
