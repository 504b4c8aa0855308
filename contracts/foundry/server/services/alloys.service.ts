export async function listAlloys(page: unknown, limit: unknown): Promise<unknown> {
  throw new Error('listAlloys is not part of this example');
}

export async function getAlloy(alloyId: unknown): Promise<unknown> {
  throw new Error('getAlloy is not part of this example');
}
