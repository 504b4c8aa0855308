import { Router } from 'express';
import { authenticate, requireRole, validateBody } from '../middleware';
import { changeRole, inviteUser, listUsers, removeUser } from '../services/users.service';

export const router = Router();

router.get('/api/users', authenticate, async (req, res) => {
  res.json(await listUsers(req.user.organisationId, req.query.page, req.query.limit));
});
router.post('/api/users', authenticate, requireRole, validateBody, async (req, res) => {
  res.json(await inviteUser(req.user.organisationId, req.body.email, req.body.role));
});
router.patch('/api/users/:userId', authenticate, requireRole, validateBody, async (req, res) => {
  res.json(await changeRole(req.user.organisationId, req.params.userId, req.body.role));
});
router.delete('/api/users/:userId', authenticate, requireRole, async (req, res) => {
  res.json(await removeUser(req.user.organisationId, req.params.userId));
});
