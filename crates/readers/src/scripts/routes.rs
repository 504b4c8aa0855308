//! Routes that a script registers: `router.post('/path', …)` and `router.route('/path').post(…)`.
//!
//! Looked for where routers are filled: at the top level and in functions of the top level.

use oxc_ast::ast::{
    Argument, ArrowFunctionBody, CallExpression, Declaration, ExportDefaultDeclarationKind, Expression,
    FunctionBody, Program, Statement,
};
use tenon_graph::service::ScriptRoute;

/// Methods that routers are asked for by name.
const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "all"];

/// Most calls of one chain that are followed (`router.route('/x').get(a).post(b)`).
const CHAIN_CALLS_MAX: usize = 64;

/// Collects the routes of a parsed file, in its order.
pub(super) fn collect(program: &Program<'_>) -> Vec<ScriptRoute> {
    let mut routes = Vec::new();
    for statement in &program.body {
        statement_routes(statement, &mut routes);
        if let Some(body) = body_of(statement) {
            for statement in &body.statements {
                statement_routes(statement, &mut routes);
            }
        }
    }
    routes
}

/// The body of a function that the top level declares, exports or binds.
fn body_of<'p>(statement: &'p Statement<'p>) -> Option<&'p FunctionBody<'p>> {
    let declaration = match statement {
        Statement::ExportDeclaration(export) => &export.declaration,
        Statement::ExportDefaultDeclaration(export) => {
            return match &export.declaration {
                ExportDefaultDeclarationKind::FunctionDeclaration(function) => function.body.as_deref(),
                other => body_of_value(other.as_expression()?),
            };
        }
        other => other.as_declaration()?,
    };
    match declaration {
        Declaration::FunctionDeclaration(function) => function.body.as_deref(),
        Declaration::VariableDeclaration(variables) => {
            variables.declarations.iter().find_map(|one| body_of_value(one.init.as_ref()?))
        }
        _ => None,
    }
}

fn body_of_value<'p>(value: &'p Expression<'p>) -> Option<&'p FunctionBody<'p>> {
    match value.get_inner_expression() {
        Expression::ArrowFunctionExpression(arrow) => match &arrow.body {
            ArrowFunctionBody::FunctionBody(body) => Some(body),
            _ => None,
        },
        Expression::FunctionExpression(function) => function.body.as_deref(),
        _ => None,
    }
}

fn statement_routes(statement: &Statement<'_>, routes: &mut Vec<ScriptRoute>) {
    let Statement::ExpressionStatement(statement) = statement else { return };
    if let Expression::CallExpression(call) = statement.expression.get_inner_expression() {
        call_routes(call, routes);
    }
}

/// The routes of one chain of calls, from its last to its first.
fn call_routes<'p>(call: &'p CallExpression<'p>, routes: &mut Vec<ScriptRoute>) {
    let mut methods: Vec<(&str, usize)> = Vec::new();
    let mut call = call;
    for _ in 0..CHAIN_CALLS_MAX {
        let Some(member) = call.callee.as_member_expression() else { return };
        let Some(name) = member.static_property_name() else { return };
        let start = call.span.start as usize;
        match (name, first_text(call)) {
            ("route", Some(path)) => {
                routes.extend(methods.iter().rev().map(|(method, start)| route(method, path, *start)));
                return;
            }
            (method, Some(path)) if METHODS.contains(&method) => routes.push(route(method, path, start)),
            (method, None) if METHODS.contains(&method) => methods.push((method, start)),
            _ => {}
        }
        match member.object().get_inner_expression() {
            Expression::CallExpression(inner) => call = inner,
            _ => return,
        }
    }
}

fn first_text<'p>(call: &'p CallExpression<'p>) -> Option<&'p str> {
    match call.arguments.first()? {
        Argument::StringLiteral(text) => Some(text.value.as_str()).filter(|text| text.starts_with('/')),
        _ => None,
    }
}

fn route(method: &str, path: &str, start: usize) -> ScriptRoute {
    ScriptRoute { method: method.to_ascii_uppercase(), path: path.to_owned(), start }
}
