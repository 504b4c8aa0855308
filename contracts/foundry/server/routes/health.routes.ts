import { Router } from 'express';
import { getHealth } from '../services/health.service';

export const router = Router();

router.get('/health', async (req, res) => {
  res.json(await getHealth());
});
