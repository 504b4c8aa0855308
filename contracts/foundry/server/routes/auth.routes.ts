import { Router } from 'express';
import { validateBody } from '../middleware';
import { login, refreshToken, register } from '../services/auth.service';

export const router = Router();

router.post('/api/auth/register', validateBody, async (req, res) => {
  res.json(await register(req.body.email, req.body.password, req.body.organisationName));
});
router.post('/api/auth/login', validateBody, async (req, res) => {
  res.json(await login(req.body.email, req.body.password));
});
router.post('/api/auth/refresh', validateBody, async (req, res) => {
  res.json(await refreshToken(req.body.refreshToken));
});
