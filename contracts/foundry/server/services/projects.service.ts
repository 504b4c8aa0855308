export async function listProjects(organisationId: unknown, page: unknown, limit: unknown): Promise<unknown> {
  throw new Error('listProjects is not part of this example');
}

export async function createProject(organisationId: unknown, userId: unknown, name: unknown, alloyId?: unknown): Promise<unknown> {
  throw new Error('createProject is not part of this example');
}

export async function getProject(organisationId: unknown, projectId: unknown): Promise<unknown> {
  throw new Error('getProject is not part of this example');
}

export async function updateProject(organisationId: unknown, projectId: unknown, updates: unknown): Promise<unknown> {
  throw new Error('updateProject is not part of this example');
}

export async function startProject(organisationId: unknown, projectId: unknown): Promise<unknown> {
  throw new Error('startProject is not part of this example');
}
