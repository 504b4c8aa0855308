export async function register(email: unknown, password: unknown, organisationName: unknown): Promise<unknown> {
  throw new Error('register is not part of this example');
}

export async function login(email: unknown, password: unknown): Promise<unknown> {
  throw new Error('login is not part of this example');
}

export async function refreshToken(refreshToken: unknown): Promise<unknown> {
  throw new Error('refreshToken is not part of this example');
}
