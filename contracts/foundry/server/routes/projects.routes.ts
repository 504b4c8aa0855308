import { Router } from 'express';
import { authenticate, validateBody, validateProjectAccess } from '../middleware';
import { createProject, getProject, listProjects, startProject, updateProject } from '../services/projects.service';

export const router = Router();

router.get('/api/projects', authenticate, async (req, res) => {
  res.json(await listProjects(req.user.organisationId, req.query.page, req.query.limit));
});
router.post('/api/projects', authenticate, validateBody, async (req, res) => {
  res.json(await createProject(req.user.organisationId, req.user.id, req.body.name, req.body.alloyId));
});
router.get('/api/projects/:projectId', authenticate, validateProjectAccess, async (req, res) => {
  res.json(await getProject(req.user.organisationId, req.params.projectId));
});
router.patch('/api/projects/:projectId', authenticate, validateProjectAccess, validateBody, async (req, res) => {
  res.json(await updateProject(req.user.organisationId, req.params.projectId, req.body));
});
router.post('/api/projects/:projectId/start', authenticate, validateProjectAccess, async (req, res) => {
  res.json(await startProject(req.user.organisationId, req.params.projectId));
});
