//! Service contracts to a tree of TypeScript for Express: routes, stubs of services, middleware.
//!
//! Routes and guards say what the contract says; what it does not say (what a service does, what an
//! unknown middleware lets pass) throws or refuses until somebody writes it.

mod endpoint;
mod files;
mod guards;
mod middleware;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use endpoint::Endpoint;
use guards::Guards;
use words::{below, folder};

use crate::{Emission, GeneratedFile, Input, Refusal};

/// What stands at the top of each file.
const HEADER: &str = "Written by `tenon gen routes`.";

/// Endpoints by the file they are written into, in the order of the contract.
type ByFile<'e, 'g> = BTreeMap<&'g str, Vec<&'e Endpoint<'g>>>;

/// The tree as a target.
pub(crate) fn target(input: &Input<'_>) -> Result<Emission, Refusal> {
    let graph = input.graph;
    let mut guards = Guards::default();
    let mut endpoints = Vec::new();
    let mut notes = Vec::new();
    for operation in &graph.operations {
        match endpoint::read(graph, operation, &mut guards) {
            Ok(found) => endpoints.extend(found),
            Err(why) => notes.push(format!("{} has no route: {why}", operation.label())),
        }
    }
    let (routes, services) = by_file(&endpoints);
    let Some(first) = routes.keys().next() else {
        return Err(Refusal::Nothing {
            lacks: "required endpoint of service contracts with `routeFile` and `serviceFile`",
        });
    };
    let base = folder(folder(first));
    let index = below(base, "middleware/index.ts");
    let mut out: Vec<GeneratedFile> = Vec::new();
    for (path, all) in &routes {
        out.push(GeneratedFile::new(*path, files::routes(path, &index, all)));
    }
    for (path, all) in &services {
        out.push(GeneratedFile::new(*path, files::service(all)));
    }
    out.extend(middleware::write(folder(&index), &guards));
    let app = below(base, "app.ts");
    let paths: Vec<&str> = routes.keys().copied().collect();
    out.push(GeneratedFile::new(&*app, files::application(&app, &index, &paths)));
    apart(&out)?;
    notes.append(&mut guards.notes);
    Ok(Emission { files: out, notes, ..Emission::default() })
}

fn by_file<'e, 'g>(endpoints: &'e [Endpoint<'g>]) -> (ByFile<'e, 'g>, ByFile<'e, 'g>) {
    let (mut routes, mut services) = (ByFile::new(), ByFile::new());
    for endpoint in endpoints {
        routes.entry(endpoint.route_file).or_default().push(endpoint);
        services.entry(endpoint.service_file).or_default().push(endpoint);
    }
    (routes, services)
}

/// No two files are one, on any machine.
fn apart(files: &[GeneratedFile]) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    match files.iter().find(|file| !seen.insert(file.path.to_ascii_lowercase())) {
        None => Ok(()),
        Some(file) => Err(Refusal::Impossible {
            what: format!("`{}` would be two files", file.path),
            help: "give routes, services and middleware files of their own".to_owned(),
        }),
    }
}
