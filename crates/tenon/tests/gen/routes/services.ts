// What somebody would write in the place of the stubs: each function tells what it was given.
import type {} from 'multer';

const told = (...all: unknown[]): unknown[] => all.map((one) => one ?? null);

export async function listPits(organisationId: unknown, page?: unknown) { return told(organisationId, page); }
export async function createPit(organisationId: unknown, name: unknown, depth?: unknown) { return told(organisationId, name, depth); }
export async function updatePit(pitId: unknown, name: unknown, depth?: unknown) { return told(pitId, name, depth); }
export async function getPit(pitId: unknown) { return told(pitId); }
export async function misplaced(organisationId: unknown) { return told(organisationId); }
export async function getHealth() { return told(); }
export async function getDocs(userId: unknown) { return told(userId); }
export async function uploadMap(file: any, title: unknown) { return told(file.size, title); }
export async function login(email: unknown) { return { accessToken: email }; }
