export async function getOrganisation(organisationId: unknown): Promise<unknown> {
  throw new Error('getOrganisation is not part of this example');
}

export async function renameOrganisation(organisationId: unknown, name: unknown): Promise<unknown> {
  throw new Error('renameOrganisation is not part of this example');
}
