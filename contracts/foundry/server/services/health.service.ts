export async function getHealth(): Promise<unknown> {
  throw new Error('getHealth is not part of this example');
}
