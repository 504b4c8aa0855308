import { Router } from 'express';
import { authenticate } from '../middleware';
import { getAlloy, listAlloys } from '../services/alloys.service';

export const router = Router();

router.get('/api/alloys', authenticate, async (req, res) => {
  res.json(await listAlloys(req.query.page, req.query.limit));
});
router.get('/api/alloys/:alloyId', authenticate, async (req, res) => {
  res.json(await getAlloy(req.params.alloyId));
});
