//! Walks the top-level statements and writes down what they export.

use std::collections::BTreeMap;

use oxc_ast::ast::{
    AssignmentTarget, ExportDefaultDeclarationKind, ExportSpecifier, Expression, ModuleExportName, Program,
    Statement,
};

use super::shapes::{
    Bindings, Member, Shape, arity_of, class_members, names_of, namespace_members, object_members, shape_of,
};
use tenon_graph::service::{ScriptExport, ScriptFacts};

/// The name under which `export default` and `module.exports =` are imported.
const DEFAULT_NAME: &str = "default";

/// Collects the exports of a parsed file.
pub(super) fn collect<'p>(program: &'p Program<'p>) -> ScriptFacts {
    let mut exports = Exports {
        bindings: Bindings::collect(&program.body),
        facts: ScriptFacts::default(),
        places: BTreeMap::new(),
    };
    for statement in &program.body {
        exports.statement(statement);
    }
    exports.facts
}

struct Exports<'p> {
    bindings: Bindings<'p>,
    facts: ScriptFacts,
    /// Where in `facts.exports` each owner and name already stands.
    places: BTreeMap<(Option<String>, String), usize>,
}

impl<'p> Exports<'p> {
    fn statement(&mut self, statement: &'p Statement<'p>) {
        match statement {
            Statement::ExportDeclaration(export) => {
                for (name, start) in names_of(&export.declaration) {
                    self.publish(name, Shape::Alias(name), start);
                }
            }
            Statement::ExportNamedDeclaration(export) if export.export_kind.is_value() => {
                for specifier in export.specifiers.iter().filter(|one| one.export_kind.is_value()) {
                    self.publish_specifier(specifier, Shape::Alias(local_name(&specifier.local)));
                }
            }
            Statement::ExportFromDeclaration(export) if export.export_kind.is_value() => {
                for specifier in export.specifiers.iter().filter(|one| one.export_kind.is_value()) {
                    self.publish_specifier(specifier, Shape::Imported);
                }
            }
            Statement::ExportAllDeclaration(export) if export.export_kind.is_value() => {
                match &export.exported {
                    Some(name) => self.publish(local_name(name), Shape::Imported, export.span.start as usize),
                    None => self.facts.star_sources.push(export.source.value.to_string()),
                }
            }
            Statement::ExportDefaultDeclaration(export) => self.export_default(&export.declaration),
            Statement::TSExportAssignment(export) => {
                self.whole_module(shape_of(&export.expression), export.span.start as usize)
            }
            Statement::ExpressionStatement(statement) => self.expression(&statement.expression),
            _ => {}
        }
    }

    fn publish_specifier(&mut self, specifier: &'p ExportSpecifier<'p>, shape: Shape<'p>) {
        self.publish(local_name(&specifier.exported), shape, specifier.span.start as usize);
    }

    fn export_default(&mut self, declaration: &'p ExportDefaultDeclarationKind<'p>) {
        let (own_name, shape, start) = match declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                (function.id.as_ref(), Shape::Function(arity_of(&function.params)), function.span.start)
            }
            ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                (class.id.as_ref(), Shape::Class(class), class.span.start)
            }
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => return,
            other => {
                let Some(expression) = other.as_expression() else { return };
                let start = oxc_span::GetSpan::span(expression).start;
                let shape = shape_of(expression);
                if let Shape::Alias(name) = shape {
                    self.publish(name, shape, start as usize);
                }
                (None, shape, start)
            }
        };
        // An importer picks the name, and contracts write the declared one.
        if let Some(id) = own_name {
            self.publish(id.name.as_str(), shape, start as usize);
        }
        self.publish(DEFAULT_NAME, shape, start as usize);
    }

    /// `module.exports = …` and `export = …`: the members of the value are the exports.
    fn whole_module(&mut self, shape: Shape<'p>, start: usize) {
        if let Shape::Alias(name) = shape {
            self.publish(name, shape, start);
        }
        match self.bindings.resolve(shape) {
            Shape::Module(source) => self.facts.star_sources.push(source.to_owned()),
            Shape::Object(object) => {
                let (members, modules) = object_members(object);
                self.facts.star_sources.extend(modules.into_iter().map(str::to_owned));
                for member in members {
                    self.publish(&member.name, member.shape, member.start);
                }
            }
            Shape::Class(class) => {
                if let Some(id) = &class.id {
                    self.publish(id.name.as_str(), Shape::Class(class), start);
                }
                self.publish(DEFAULT_NAME, Shape::Class(class), start);
            }
            resolved => self.publish(DEFAULT_NAME, resolved, start),
        }
    }

    /// `exports.name = …`, `module.exports = …`, and what compilers write for re-exports.
    fn expression(&mut self, expression: &'p Expression<'p>) {
        match expression.get_inner_expression() {
            Expression::AssignmentExpression(assignment) => {
                let start = assignment.span.start as usize;
                match export_target(&assignment.left) {
                    Some(None) => self.whole_module(shape_of(&assignment.right), start),
                    Some(Some(name)) => self.publish(name, shape_of(&assignment.right), start),
                    None => {}
                }
                // `exports.a = exports.b = value` exports both.
                self.expression(&assignment.right);
            }
            Expression::SequenceExpression(sequence) => {
                for expression in &sequence.expressions {
                    self.expression(expression);
                }
            }
            Expression::CallExpression(call) => {
                let arguments: Vec<_> = call.arguments.iter().filter_map(|one| one.as_expression()).collect();
                let touches_exports = arguments.iter().any(|one| is_exports(one));
                if !touches_exports {
                    return;
                }
                if call.callee.is_specific_member_access("Object", "defineProperty") {
                    if let Some(Expression::StringLiteral(name)) = arguments.get(1) {
                        self.publish(name.value.as_str(), Shape::Imported, call.span.start as usize);
                    }
                    return;
                }
                // `__exportStar(require("./x"), exports)`, `Object.assign(exports, require("./x"), { … })`.
                for argument in arguments.into_iter().filter(|one| !is_exports(one)) {
                    self.whole_module(shape_of(argument), call.span.start as usize);
                }
            }
            _ => {}
        }
    }

    /// Writes a name down, and under it the members that it gives access to.
    fn publish(&mut self, name: &str, shape: Shape<'p>, start: usize) {
        let shape = self.bindings.resolve(shape);
        self.push(None, name, &shape, start);
        let members = match shape {
            Shape::Class(class) => class_members(class),
            Shape::Instance(class) => self.bindings.class_named(class).map(class_members).unwrap_or_default(),
            Shape::Object(object) => object_members(object).0,
            Shape::Namespace(block) => namespace_members(block),
            _ => return,
        };
        for Member { name: member, shape, start } in members {
            let shape = self.bindings.resolve(shape);
            self.push(Some(name), &member, &shape, start);
        }
    }

    fn push(&mut self, owner: Option<&str>, name: &str, shape: &Shape<'_>, start: usize) {
        let key = (owner.map(str::to_owned), name.to_owned());
        let export = ScriptExport {
            owner: key.0.clone(),
            name: key.1.clone(),
            kind: shape.kind(),
            arity: shape.arity(),
            start,
        };
        match self.places.get(&key).and_then(|place| self.facts.exports.get_mut(*place)) {
            // An overload widens; a compiler's `exports.a = void 0` gives way to what follows it.
            Some(earlier) => match (earlier.arity, export.arity) {
                (Some(one), Some(other)) => earlier.arity = Some(one.widened(other)),
                (None, Some(_)) => *earlier = export,
                _ => {}
            },
            None => {
                self.places.insert(key, self.facts.exports.len());
                self.facts.exports.push(export);
            }
        }
    }
}

/// `Some(None)` for `module.exports`, `Some(Some(name))` for `exports.name` and `module.exports.name`.
fn export_target<'p>(target: &'p AssignmentTarget<'p>) -> Option<Option<&'p str>> {
    let member = target.as_simple_assignment_target()?.as_member_expression()?;
    let name = member.static_property_name()?;
    if member.object().is_specific_id("module") && name == "exports" {
        return Some(None);
    }
    is_exports(member.object()).then_some(Some(name))
}

fn is_exports(expression: &Expression<'_>) -> bool {
    expression.is_specific_id("exports") || expression.is_specific_member_access("module", "exports")
}

fn local_name<'p>(name: &'p ModuleExportName<'p>) -> &'p str {
    match name {
        ModuleExportName::IdentifierName(id) => id.name.as_str(),
        ModuleExportName::IdentifierReference(id) => id.name.as_str(),
        ModuleExportName::StringLiteral(literal) => literal.value.as_str(),
    }
}
