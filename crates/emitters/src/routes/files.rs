//! The files of routes and of services, and the application that has them all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::HEADER;
use super::endpoint::{Endpoint, Parameter};
use super::words::import;

/// Names that a file of routes has of its own.
const TAKEN: &[&str] = &["Router", "router", "req", "res"];

/// A file of routes.
pub(super) fn routes(path: &str, middleware: &str, endpoints: &[&Endpoint<'_>]) -> String {
    let mut out = format!("// {HEADER}\n\nimport {{ Router }} from 'express';\n");
    let guards: BTreeSet<&str> =
        endpoints.iter().flat_map(|endpoint| &endpoint.middleware).map(|guard| guard.name.as_str()).collect();
    if !guards.is_empty() {
        let names: Vec<&str> = guards.iter().copied().collect();
        let _ = writeln!(out, "import {{ {} }} from '{}';", names.join(", "), import(path, middleware));
    }
    let aliases = aliases(endpoints, &guards);
    let mut services: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for ((file, function), alias) in &aliases {
        let name = if function == alias { alias.clone() } else { format!("{function} as {alias}") };
        services.entry(file).or_default().insert(name);
    }
    for (file, names) in services {
        let names: Vec<String> = names.into_iter().collect();
        let _ = writeln!(out, "import {{ {} }} from '{}';", names.join(", "), import(path, file));
    }
    out.push_str("\nexport const router = Router();\n");
    for endpoint in endpoints {
        let function = aliases.get(&(endpoint.service_file, endpoint.function));
        let function = function.map_or(endpoint.function, String::as_str);
        route(&mut out, endpoint, function);
    }
    out
}

/// What each function is called in a file: its own name, unless something else has it.
fn aliases<'g>(endpoints: &[&Endpoint<'g>], guards: &BTreeSet<&str>) -> BTreeMap<(&'g str, &'g str), String> {
    let mut taken: BTreeSet<String> = TAKEN.iter().chain(guards).map(|name| (*name).to_owned()).collect();
    let mut out = BTreeMap::new();
    for endpoint in endpoints {
        let key = (endpoint.service_file, endpoint.function);
        if out.contains_key(&key) {
            continue;
        }
        let numbered = (2..).map(|number: usize| format!("{}{number}", endpoint.function));
        let mut names = std::iter::once(endpoint.function.to_owned()).chain(numbered);
        let free = names.find(|name| !taken.contains(name)).unwrap_or_default();
        taken.insert(free.clone());
        out.insert(key, free);
    }
    out
}

fn route(out: &mut String, endpoint: &Endpoint<'_>, function: &str) {
    let _ = write!(out, "\nrouter.{}(\n  '{}',\n", endpoint.method, endpoint.path);
    for guard in &endpoint.middleware {
        let _ = writeln!(out, "  {}{},", guard.name, guard.call);
    }
    let arguments = endpoint.arguments.join(", ");
    let _ =
        write!(out, "  async (req, res) => {{\n    res.json(await {function}({arguments}));\n  }},\n);\n");
}

/// A file of services: every function is there, and none does anything yet.
pub(super) fn service(endpoints: &[&Endpoint<'_>]) -> String {
    let mut functions: Vec<(&str, Vec<&Endpoint<'_>>)> = Vec::new();
    for endpoint in endpoints {
        match functions.iter_mut().find(|(name, _)| *name == endpoint.function) {
            Some((_, all)) => all.push(endpoint),
            None => functions.push((endpoint.function, vec![endpoint])),
        }
    }
    let mut out = format!("// {HEADER}\n");
    for (name, all) in functions {
        let mut signatures: Vec<String> = all.iter().map(|endpoint| comment(endpoint.signature)).collect();
        signatures.dedup();
        let _ = write!(
            out,
            "\n/** `{}` */\nexport async function {name}({}): Promise<unknown> {{\n  throw new Error('not implemented: {name}');\n}}\n",
            signatures.join("`, `"),
            list(&shared(&all))
        );
    }
    out
}

/// A signature on one line of a comment.
fn comment(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain = |letter: &char| !letter.is_control();
    words.join(" ").replace("*/", "* /").chars().filter(plain).collect()
}

/// The parameters of the longest signature; those that another endpoint does not pass may be left out.
fn shared(all: &[&Endpoint<'_>]) -> Vec<Parameter> {
    let longest = all.iter().max_by_key(|endpoint| endpoint.parameters.len());
    let mut out = longest.map(|endpoint| endpoint.parameters.clone()).unwrap_or_default();
    let shortest = all.iter().map(|endpoint| endpoint.parameters.len()).min().unwrap_or_default();
    for parameter in out.iter_mut().skip(shortest) {
        parameter.optional = true;
    }
    out
}

/// Parameters as TypeScript has them. Only the last may take the rest, and none that must be given
/// follows one that need not: the language has it so.
fn list(parameters: &[Parameter]) -> String {
    let last = parameters.len().saturating_sub(1);
    let required = parameters.iter().rposition(|parameter| !parameter.optional);
    let mut taken = BTreeSet::new();
    let mut out = Vec::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let mut name = parameter.name.clone();
        if name.is_empty() || !taken.insert(name.clone()) {
            name = format!("argument{}", index + 1);
            taken.insert(name.clone());
        }
        out.push(match () {
            () if parameter.rest && index == last => format!("...{name}: unknown[]"),
            () if required.is_none_or(|required| index > required) => format!("{name}?: unknown"),
            () => format!("{name}: unknown"),
        });
    }
    out.join(", ")
}

/// The application: every router, and what becomes of errors.
pub(super) fn application(path: &str, middleware: &str, files: &[&str]) -> String {
    let mut out = format!(
        "// {HEADER}\n\nimport express from 'express';\nimport type {{ ErrorRequestHandler, Express }} from 'express';\n\
         import {{ anonymous }} from '{}';\n",
        import(path, middleware)
    );
    for (index, file) in files.iter().enumerate() {
        let _ = writeln!(out, "import {{ router as routes{} }} from '{}';", index + 1, import(path, file));
    }
    out.push_str(APPLICATION);
    for index in 0..files.len() {
        let _ = writeln!(out, "  app.use(routes{});", index + 1);
    }
    out.push_str("  app.use(refuse);\n  return app;\n}\n");
    out
}

const APPLICATION: &str = "
/** Says what went wrong, but not what broke inside. */
const refuse: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  const status = Number.isInteger(error?.status) ? error.status : 500;
  const isTold = status !== 500 && error instanceof Error;
  res.status(status).json({ error: isTold ? error.message : 'Internal error' });
};

/** The application, which listens nowhere yet. */
export function createApp(): Express {
  const app = express();
  app.use(anonymous);
";
