export async function recordInspection(organisationId: unknown, projectId: unknown, castingId: unknown, verdict: unknown, measurements: unknown): Promise<unknown> {
  throw new Error('recordInspection is not part of this example');
}
