//! Paths to operations.

use http::Method;
use matchit::Router;

/// What a path and method lead to.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// An operation, with the values of the path's parameters, decoded.
    Operation(usize, Vec<(String, String)>),
    /// The path is known; these are its methods.
    OtherMethods(Vec<String>),
    /// No such path, or one that cannot be decoded.
    Nothing,
}

/// Routes of all operations.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<usize>,
    /// Per path: its template's parameter names in order, and its methods.
    paths: Vec<PathRoutes>,
}

#[derive(Debug)]
struct PathRoutes {
    shape: String,
    methods: Vec<(String, usize, Vec<String>)>,
}

impl Routes {
    /// Adds an operation.
    ///
    /// # Errors
    /// Says why where the path cannot be served beside the others.
    pub fn add(&mut self, method: &str, template: &str, operation: usize) -> Result<(), String> {
        let (shape, names) = shape(template);
        let index = match self.paths.iter().position(|path| path.shape == shape) {
            Some(index) => index,
            None => {
                let index = self.paths.len();
                self.router.insert(shape.clone(), index).map_err(|error| error.to_string())?;
                self.paths.push(PathRoutes { shape, methods: Vec::new() });
                index
            }
        };
        let Some(path) = self.paths.get_mut(index) else { return Ok(()) };
        if path.methods.iter().any(|(known, _, _)| known == method) {
            return Err(format!("`{method} {template}` is served twice"));
        }
        path.methods.push((method.to_owned(), operation, names));
        path.methods.sort();
        Ok(())
    }

    /// Where a request goes. `HEAD` goes where `GET` goes.
    #[must_use]
    pub fn find(&self, method: &Method, path: &str) -> Found {
        let Ok(found) = self.router.at(path) else { return Found::Nothing };
        let Some(routes) = self.paths.get(*found.value) else { return Found::Nothing };
        let wanted = if method == Method::HEAD { "GET" } else { method.as_str() };
        let Some((_, operation, names)) = routes.methods.iter().find(|(known, _, _)| known == wanted) else {
            return Found::OtherMethods(routes.methods.iter().map(|(known, _, _)| known.clone()).collect());
        };
        let mut values = Vec::with_capacity(names.len());
        for (name, (_, value)) in names.iter().zip(found.params.iter()) {
            let Ok(value) = percent_encoding::percent_decode_str(value).decode_utf8() else {
                return Found::Nothing;
            };
            // A slash or a dot segment that was encoded must not become another path downstream.
            if value.is_empty() || value == "." || value == ".." || value.contains(['/', '\\', '\0']) {
                return Found::Nothing;
            }
            values.push((name.clone(), value.into_owned()));
        }
        Found::Operation(*operation, values)
    }
}

/// A template as the router takes it, its parameters numbered, and their names.
fn shape(template: &str) -> (String, Vec<String>) {
    let mut shape = String::with_capacity(template.len());
    let mut names = Vec::new();
    let trimmed = if template.len() > 1 { template.trim_end_matches('/') } else { template };
    for segment in trimmed.split('/').skip(1) {
        shape.push('/');
        if let Some(name) = segment.strip_prefix(':').filter(|name| !name.is_empty()) {
            parameter(&mut shape, &mut names, name);
            continue;
        }
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            shape.push_str(&before.replace('}', "}}"));
            parameter(&mut shape, &mut names, name);
            rest = behind;
        }
        shape.push_str(&rest.replace('{', "{{").replace('}', "}}"));
    }
    if shape.is_empty() {
        shape.push('/');
    }
    (shape, names)
}

fn parameter(shape: &mut String, names: &mut Vec<String>, name: &str) {
    shape.push_str(&format!("{{p{}}}", names.len()));
    names.push(name.to_owned());
}
