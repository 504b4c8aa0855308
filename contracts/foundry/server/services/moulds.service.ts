export async function listMoulds(organisationId: unknown, page: unknown, limit: unknown): Promise<unknown> {
  throw new Error('listMoulds is not part of this example');
}

export async function createMould(organisationId: unknown, name: unknown, category: unknown): Promise<unknown> {
  throw new Error('createMould is not part of this example');
}

export async function updateMould(organisationId: unknown, mouldId: unknown, name: unknown, isDefault: unknown): Promise<unknown> {
  throw new Error('updateMould is not part of this example');
}
