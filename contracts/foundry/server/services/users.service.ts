export async function listUsers(organisationId: unknown, page: unknown, limit: unknown): Promise<unknown> {
  throw new Error('listUsers is not part of this example');
}

export async function inviteUser(organisationId: unknown, email: unknown, role: unknown): Promise<unknown> {
  throw new Error('inviteUser is not part of this example');
}

export async function changeRole(organisationId: unknown, userId: unknown, role: unknown): Promise<unknown> {
  throw new Error('changeRole is not part of this example');
}

export async function removeUser(organisationId: unknown, userId: unknown): Promise<unknown> {
  throw new Error('removeUser is not part of this example');
}
