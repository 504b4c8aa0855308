// Calls the application that was written for `contract.json`, and says what differs from what is wanted.
import assert from 'node:assert/strict';
import jwt from 'jsonwebtoken';
import { createApp } from './dist/server/app.js';

process.env.JWT_SECRET = 'key of the test';
const server = createApp().listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const base = `http://127.0.0.1:${server.address().port}`;
const token = (claims, key = process.env.JWT_SECRET) => `Bearer ${jwt.sign(claims, key)}`;
const member = token({ id: 'u1', organisationId: 'a', role: 'member' });
const admin = token({ id: 'u2', organisationId: 'a', role: 'admin' });

async function call(method, path, { by, json, form, raw } = {}) {
  const headers = {};
  if (by) headers.authorization = by;
  if (json !== undefined || raw !== undefined) headers['content-type'] = 'application/json';
  const body = form ?? raw ?? (json === undefined ? undefined : JSON.stringify(json));
  const reply = await fetch(base + path, { method, headers, body });
  const text = await reply.text();
  return [reply.status, text === '' ? null : JSON.parse(text)];
}

function file(size, type) {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(size)], { type }), 'data');
  form.append('title', 'A title');
  return form;
}

const required = [401, { error: 'Authentication required' }];
const invalid = [401, { error: 'Invalid token' }];
const denied = [403, { error: 'Access denied' }];

// S4-134: the tenant of the path is the caller's, or the call is refused; no tenant at all is no match.
const pits = '/api/organisations/a/pits';
assert.deepEqual(await call('GET', pits, { by: member }), [200, ['a', null]]);
assert.deepEqual(await call('GET', '/api/organisations/b/pits', { by: member }), denied);
assert.deepEqual(await call('GET', '/api/organisations/undefined/pits', { by: token({ id: 'u3' }) }), denied);
assert.deepEqual(await call('GET', '/api/misplaced', { by: token({ id: 'u3' }) }), denied);

// Required, public, optional.
assert.deepEqual(await call('GET', pits), required);
assert.deepEqual(await call('GET', pits, { by: 'Bearer garbage' }), invalid);
assert.deepEqual(await call('GET', pits, { by: token({ organisationId: 'a' }, 'another key') }), invalid);
assert.deepEqual(await call('GET', pits, { by: `Bearer ${jwt.sign({ organisationId: 'a' }, '', { algorithm: 'none' })}` }), invalid);
assert.deepEqual(await call('GET', '/health', { by: 'Bearer garbage' }), [200, []]);
assert.deepEqual(await call('GET', '/api/docs'), [200, [null]]);
assert.deepEqual(await call('GET', '/api/docs', { by: member }), [200, ['u1']]);
assert.deepEqual(await call('GET', '/api/docs', { by: 'Bearer garbage' }), invalid);

// S4-259: of several guards that would refuse, the first of the array does.
assert.deepEqual(await call('POST', pits, { raw: '{' }), required);
assert.deepEqual(await call('POST', pits, { by: member, raw: '{' }), [403, { error: 'Insufficient permissions' }]);
assert.deepEqual(await call('POST', '/api/organisations/b/pits', { by: admin, raw: '{' }), denied);
for (const wrong of [{ raw: '{' }, { raw: '' }, { json: [] }, { json: {} }, { json: { name: 'a', depth: 0 } }]) {
  const [status, body] = await call('POST', pits, { by: admin, ...wrong });
  assert.equal(status, 400, JSON.stringify(wrong));
  assert.equal(typeof body.error, 'string');
  assert.equal(typeof body.details, 'object');
}
assert.deepEqual(await call('POST', pits, { by: admin, json: { name: 'n', depth: 3 } }), [200, ['a', 'n', 3]]);
const [short] = await call('PATCH', `${pits}/p`, { by: admin, json: { depth: 1 } });
assert.equal(short, 400, 'what the signature requires is required of the body');
assert.deepEqual(await call('PATCH', `${pits}/p`, { by: admin, json: { name: 'n' } }), [200, ['p', 'n', null]]);

// S4-225, S4-226: limits of files, asked after the guards.
const upload = '/api/organisations/a/maps/upload';
const megabyte = 1024 * 1024;
assert.deepEqual(await call('POST', upload, { form: file(megabyte + 1, 'text/csv') }), required);
const [large, why] = await call('POST', upload, { by: member, form: file(megabyte + 1, 'text/csv') });
assert.deepEqual([large, why.details], [413, { maxSizeMb: 1 }]);
const [typed, which] = await call('POST', upload, { by: member, form: file(10, 'image/png') });
assert.deepEqual([typed, which.error], [400, 'Invalid file type. Allowed: text/csv, application/json']);
assert.deepEqual(await call('POST', upload, { by: member, form: file(megabyte, 'text/csv') }), [200, [megabyte, 'A title']]);

// S4-220: calls in a window are counted.
for (let count = 0; count < 2; count += 1) {
  assert.equal((await call('POST', '/api/auth/login', { json: { email: 'e' } }))[0], 200);
}
assert.deepEqual(await call('POST', '/api/auth/login', { json: { email: 'e' } }), [429, { error: 'Too many requests' }]);

// What nobody has written yet refuses.
assert.deepEqual(await call('GET', `${pits}/p`, { by: member }), [501, { error: 'not implemented: validatePitAccess' }]);
const [stub, said] = await call('GET', '/api/unwritten');
assert.deepEqual([stub, said], [500, { error: 'Internal error' }]);

server.close();
