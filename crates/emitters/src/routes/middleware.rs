//! The files of middleware.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::HEADER;
use super::guards::{Guards, Kind};
use super::words::below;
use crate::GeneratedFile;

const CALLER: &str = include_str!("middleware/caller.ts");

/// A file of middleware as it is kept, with the name that it exports.
fn source(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Authentication => ("auth", "authenticate", include_str!("middleware/auth.ts")),
        Kind::Role => ("role", "requireRole", include_str!("middleware/role.ts")),
        Kind::Body => ("body", "validateBody", include_str!("middleware/body.ts")),
        Kind::Upload => ("upload", "multerUpload", include_str!("middleware/upload.ts")),
        Kind::Rate => ("rate", "rateLimit", include_str!("middleware/rate.ts")),
    }
}

/// Writes what routes name into a folder.
pub(super) fn write(folder: &str, guards: &Guards) -> Vec<GeneratedFile> {
    let file = |name: &str, text: &str| {
        GeneratedFile::new(below(folder, &format!("{name}.ts")), format!("// {HEADER}\n\n{text}"))
    };
    let mut index = String::from(
        "export { anonymous } from './caller.js';\nexport type { Caller } from './caller.js';\n",
    );
    let mut files = vec![file("caller", CALLER)];
    for (kind, names) in &guards.known {
        let (name, export, text) = source(*kind);
        files.push(file(name, text));
        let exports: Vec<String> = names.iter().map(|wanted| renamed(export, wanted)).collect();
        export_all(&mut index, &exports, name);
    }
    if !guards.tenants.is_empty() {
        files.push(file("tenant", &tenants(guards)));
        export_all(&mut index, &guards.tenants.keys().cloned().collect::<Vec<_>>(), "tenant");
    }
    if !guards.others.is_empty() {
        files.push(file("own", &others(&guards.others)));
        export_all(&mut index, &guards.others.iter().cloned().collect::<Vec<_>>(), "own");
    }
    files.push(file("index", &index));
    files
}

/// Contracts may call middleware by another name than we do.
fn renamed(export: &str, wanted: &str) -> String {
    if export == wanted { wanted.to_owned() } else { format!("{export} as {wanted}") }
}

fn export_all(index: &mut String, exports: &[String], name: &str) {
    let _ = writeln!(index, "export {{ {} }} from './{name}.js';", exports.join(", "));
}

/// S4-134: the tenant in the path is the caller's own, or the call is refused.
fn tenants(guards: &Guards) -> String {
    let mut out = String::from("import type { RequestHandler } from 'express';\n");
    for (name, parameter) in &guards.tenants {
        let _ = write!(
            out,
            "
/** Lets callers pass whose token names the tenant that the path names. */
export const {name}: RequestHandler = (req, res, next) => {{
  // A path or a caller without a tenant is no match: two absent values would be equal.
  const isNamed = req.params.{parameter} !== undefined && req.user !== undefined;
  if (isNamed && req.params.{parameter} === req.user.{parameter}) {{
    next();
    return;
  }}
  res.status(403).json({{ error: 'Access denied' }});
}};
"
        );
    }
    out
}

/// Middleware of which the contract has the name alone: until it is written, no call passes.
fn others(names: &BTreeSet<String>) -> String {
    let mut out = String::from(
        "import type { RequestHandler } from 'express';

/** Refuses every call: what this middleware lets pass stands in no contract. */
function notImplemented(name: string): RequestHandler {
  return (_req, _res, next) => next(Object.assign(new Error(`not implemented: ${name}`), { status: 501 }));
}
",
    );
    for name in names {
        let _ = write!(out, "\nexport const {name}: RequestHandler = notImplemented('{name}');\n");
    }
    out
}
