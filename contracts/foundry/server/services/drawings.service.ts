export async function listDrawings(organisationId: unknown, projectId: unknown, page: unknown, limit: unknown): Promise<unknown> {
  throw new Error('listDrawings is not part of this example');
}

export async function uploadDrawing(organisationId: unknown, projectId: unknown, userId: unknown, file: unknown, title: unknown): Promise<unknown> {
  throw new Error('uploadDrawing is not part of this example');
}

export async function deleteDrawing(organisationId: unknown, projectId: unknown, drawingId: unknown): Promise<unknown> {
  throw new Error('deleteDrawing is not part of this example');
}
