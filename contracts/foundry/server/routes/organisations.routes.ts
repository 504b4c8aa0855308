import { Router } from 'express';
import { authenticate, requireRole, validateBody } from '../middleware';
import { getOrganisation, renameOrganisation } from '../services/organisations.service';

export const router = Router();

router.get('/api/organisation', authenticate, async (req, res) => {
  res.json(await getOrganisation(req.user.organisationId));
});
router.patch('/api/organisation', authenticate, requireRole, validateBody, async (req, res) => {
  res.json(await renameOrganisation(req.user.organisationId, req.body.name));
});
