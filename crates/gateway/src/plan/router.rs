//! Paths to operations.

use http::Method;
use matchit::Router;

use super::odd_path::OddPath;

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
    /// Paths the router cannot hold, such as `/compare/{base}...{head}`: tried one by one, first.
    odd: Vec<(OddPath, usize)>,
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
                if self.router.insert(shape.clone(), index).is_err() {
                    self.odd.push((OddPath::new(template), index));
                }
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
        let odd = self.odd.iter().find_map(|(odd, index)| Some((*index, odd.values(path)?)));
        let (index, given) = match odd {
            Some(found) => found,
            None => {
                let Ok(found) = self.router.at(path) else { return Found::Nothing };
                (*found.value, found.params.iter().map(|(_, value)| value).collect())
            }
        };
        let Some(routes) = self.paths.get(index) else { return Found::Nothing };
        let wanted = if method == Method::HEAD { "GET" } else { method.as_str() };
        let Some((_, operation, names)) = routes.methods.iter().find(|(known, _, _)| known == wanted) else {
            return Found::OtherMethods(routes.methods.iter().map(|(known, _, _)| known.clone()).collect());
        };
        let mut values = Vec::with_capacity(names.len());
        for (name, value) in names.iter().zip(given) {
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

#[cfg(test)]
mod tests {
    use http::Method;

    use super::{Found, Routes};

    fn routes(templates: &[&str]) -> Routes {
        let mut routes = Routes::default();
        for (index, template) in templates.iter().enumerate() {
            routes.add("GET", template, index).unwrap();
        }
        routes
    }

    fn operation(index: usize, values: &[(&str, &str)]) -> Found {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Found::Operation(index, values.collect())
    }

    #[test]
    fn paths_with_several_parameters_in_a_segment_are_served() {
        let routes =
            routes(&["/repos/{id}/compare/{base}...{head}", "/repos/{id}/compare/{ref}", "/a/{x}-{y}"]);
        let get = |path: &str| routes.find(&Method::GET, path);
        assert_eq!(
            get("/repos/7/compare/v1...v2"),
            operation(0, &[("id", "7"), ("base", "v1"), ("head", "v2")])
        );
        assert_eq!(get("/repos/7/compare/v1"), operation(1, &[("id", "7"), ("ref", "v1")]));
        assert_eq!(get("/a/b%2Dc-d"), operation(2, &[("x", "b-c"), ("y", "d")]));
        assert_eq!(get("/a/b-"), Found::Nothing);
        assert_eq!(get("/a/b-c/d"), Found::Nothing);
    }

    #[test]
    fn paths_that_begin_alike_and_end_apart_are_all_served() {
        let routes = routes(&["/jobs/{id}", "/jobs/{id}:cancel", "/jobs/{name}.json", "/jobs/all"]);
        let get = |path: &str| routes.find(&Method::GET, path);
        assert_eq!(get("/jobs/7"), operation(0, &[("id", "7")]));
        assert_eq!(get("/jobs/7:cancel"), operation(1, &[("id", "7")]));
        assert_eq!(get("/jobs/7.json"), operation(2, &[("name", "7")]));
        assert_eq!(get("/jobs/all"), operation(3, &[]));
    }

    #[test]
    fn what_would_be_another_path_downstream_is_no_value() {
        let routes = routes(&["/a/{x}", "/b/{x}_{y}"]);
        for path in ["/a/..", "/a/.", "/a/%2e%2e", "/a/x%2Fy", "/a/x%5Cy", "/a/%00", "/a/%ff", "/b/..%2f_x"] {
            assert_eq!(routes.find(&Method::GET, path), Found::Nothing, "{path}");
        }
    }

    #[test]
    fn one_path_is_served_once() {
        let mut routes = routes(&["/a/{x}"]);
        assert!(routes.add("GET", "/a/{y}", 1).is_err());
        assert!(routes.add("POST", "/a/{y}", 1).is_ok());
        assert_eq!(routes.find(&Method::HEAD, "/a/1"), operation(0, &[("x", "1")]));
        assert_eq!(routes.find(&Method::PUT, "/a/1"), Found::OtherMethods(vec!["GET".into(), "POST".into()]));
    }
}
