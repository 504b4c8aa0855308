export async function listCastings(organisationId: unknown, projectId: unknown, page: unknown, limit: unknown): Promise<unknown> {
  throw new Error('listCastings is not part of this example');
}

export async function createCasting(organisationId: unknown, projectId: unknown, mouldId: unknown): Promise<unknown> {
  throw new Error('createCasting is not part of this example');
}

export async function scrapCasting(organisationId: unknown, projectId: unknown, castingId: unknown): Promise<unknown> {
  throw new Error('scrapCasting is not part of this example');
}
