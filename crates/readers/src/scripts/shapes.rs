//! What an expression or a declaration is, as far as an importer could tell.

use std::collections::BTreeMap;

use oxc_ast::ast::{
    Argument, BindingPattern, Class, ClassElement, Declaration, Expression, FormalParameters, Function,
    ImportDeclaration, ImportDeclarationSpecifier, MethodDefinitionKind, ObjectExpression,
    ObjectPropertyKind, Statement, TSAccessibility, TSModuleBlock, TSNamespaceDeclaration,
    TSNamespaceDeclarationBody, TSType, VariableDeclarator,
};

use tenon_graph::service::{Arity, ScriptExportKind};

/// Most names followed from one to the next (`const a = b`), so that a loop of names ends.
const ALIAS_HOPS_MAX: usize = 8;

/// What stands behind a name.
#[derive(Clone, Copy)]
pub(super) enum Shape<'p> {
    /// A function.
    Function(Arity),
    /// A class with its members.
    Class(&'p Class<'p>),
    /// An object literal with its members.
    Object(&'p ObjectExpression<'p>),
    /// A TypeScript namespace with its exported members.
    Namespace(&'p TSModuleBlock<'p>),
    /// `new Name()`.
    Instance(&'p str),
    /// Another name of the same file.
    Alias(&'p str),
    /// A name of another file.
    Imported,
    /// Everything of the named module (`require('./x')`).
    Module(&'p str),
    /// Anything else.
    Value,
}

impl Shape<'_> {
    pub(super) fn kind(&self) -> ScriptExportKind {
        match self {
            Self::Function(_) => ScriptExportKind::Function,
            Self::Class(_) => ScriptExportKind::Class,
            Self::Imported | Self::Module(_) => ScriptExportKind::Reexport,
            _ => ScriptExportKind::Value,
        }
    }

    pub(super) fn arity(&self) -> Option<Arity> {
        match self {
            Self::Function(arity) => Some(*arity),
            _ => None,
        }
    }
}

/// A public member of a class, an object or a namespace.
pub(super) struct Member<'p> {
    pub(super) name: String,
    pub(super) shape: Shape<'p>,
    pub(super) start: usize,
}

/// The names that the top level of a file binds.
#[derive(Default)]
pub(super) struct Bindings<'p> {
    names: BTreeMap<&'p str, Shape<'p>>,
}

impl<'p> Bindings<'p> {
    pub(super) fn collect(statements: &'p [Statement<'p>]) -> Self {
        let mut bindings = Self::default();
        for statement in statements {
            match statement {
                Statement::ImportDeclaration(import) => bindings.bind_import(import),
                Statement::ExportDeclaration(export) => bindings.bind_declaration(&export.declaration),
                Statement::ExportDefaultDeclaration(export) => {
                    use oxc_ast::ast::ExportDefaultDeclarationKind as Kind;
                    match &export.declaration {
                        Kind::FunctionDeclaration(function) => bindings.bind_function(function),
                        Kind::ClassDeclaration(class) => bindings.bind_class(class),
                        _ => {}
                    }
                }
                _ => {
                    if let Some(declaration) = statement.as_declaration() {
                        bindings.bind_declaration(declaration);
                    }
                }
            }
        }
        bindings
    }

    /// The shape behind a shape: names are followed, everything else stays.
    pub(super) fn resolve(&self, shape: Shape<'p>) -> Shape<'p> {
        let mut shape = shape;
        for _ in 0..ALIAS_HOPS_MAX {
            let Shape::Alias(name) = shape else { return shape };
            shape = self.names.get(name).copied().unwrap_or(Shape::Value);
        }
        Shape::Value
    }

    /// The class that `new Name()` makes one of, if this file has it.
    pub(super) fn class_named(&self, name: &'p str) -> Option<&'p Class<'p>> {
        match self.resolve(Shape::Alias(name)) {
            Shape::Class(class) => Some(class),
            _ => None,
        }
    }

    fn bind_import(&mut self, import: &'p ImportDeclaration<'p>) {
        for specifier in import.specifiers.iter().flatten() {
            let local = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(one) => &one.local,
                ImportDeclarationSpecifier::ImportDefaultSpecifier(one) => &one.local,
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(one) => &one.local,
            };
            self.names.insert(local.name.as_str(), Shape::Imported);
        }
    }

    fn bind_function(&mut self, function: &'p Function<'p>) {
        let Some(id) = &function.id else { return };
        let mut arity = arity_of(&function.params);
        if let Some(Shape::Function(earlier)) = self.names.get(id.name.as_str()) {
            arity = arity.widened(*earlier);
        }
        self.names.insert(id.name.as_str(), Shape::Function(arity));
    }

    fn bind_class(&mut self, class: &'p Class<'p>) {
        if let Some(id) = &class.id {
            self.names.insert(id.name.as_str(), Shape::Class(class));
        }
    }

    fn bind_declaration(&mut self, declaration: &'p Declaration<'p>) {
        match declaration {
            Declaration::FunctionDeclaration(function) => self.bind_function(function),
            Declaration::ClassDeclaration(class) => self.bind_class(class),
            Declaration::VariableDeclaration(variables) => {
                for declarator in &variables.declarations {
                    for (name, shape, _) in declared_names(declarator) {
                        self.names.insert(name, shape);
                    }
                }
            }
            Declaration::TSNamespaceDeclaration(namespace) => {
                if let Some(block) = namespace_block(namespace) {
                    self.names.insert(namespace.id.name.as_str(), Shape::Namespace(block));
                }
            }
            Declaration::TSEnumDeclaration(declared) => {
                self.names.insert(declared.id.name.as_str(), Shape::Value);
            }
            Declaration::TSImportEqualsDeclaration(import) => {
                self.names.insert(import.id.name.as_str(), Shape::Imported);
            }
            _ => {}
        }
    }
}

/// The names one declarator binds, each with its shape and place.
pub(super) fn declared_names<'p>(declarator: &'p VariableDeclarator<'p>) -> Vec<(&'p str, Shape<'p>, usize)> {
    if let BindingPattern::BindingIdentifier(id) = &declarator.id {
        let value = declarator.init.as_ref().map_or(Shape::Value, shape_of);
        let shape = match (value, &declarator.type_annotation) {
            (Shape::Value, Some(annotation)) => shape_of_type(&annotation.type_annotation),
            (shape, _) => shape,
        };
        return vec![(id.name.as_str(), shape, id.span.start as usize)];
    }
    let ids = declarator.id.get_binding_identifiers();
    ids.iter().map(|id| (id.name.as_str(), Shape::Value, id.span.start as usize)).collect()
}

/// What an expression is worth to an importer.
pub(super) fn shape_of<'p>(expression: &'p Expression<'p>) -> Shape<'p> {
    match expression.get_inner_expression() {
        Expression::FunctionExpression(function) => Shape::Function(arity_of(&function.params)),
        Expression::ArrowFunctionExpression(arrow) => Shape::Function(arity_of(&arrow.params)),
        Expression::ClassExpression(class) => Shape::Class(class),
        Expression::ObjectExpression(object) => Shape::Object(object),
        Expression::Identifier(id) => Shape::Alias(id.name.as_str()),
        Expression::AssignmentExpression(assignment) => shape_of(&assignment.right),
        Expression::NewExpression(new) => match &new.callee {
            Expression::Identifier(id) => Shape::Instance(id.name.as_str()),
            _ => Shape::Value,
        },
        Expression::CallExpression(call) => {
            let first = call.arguments.first();
            if call.callee.is_specific_id("require") {
                return match first {
                    Some(Argument::StringLiteral(source)) => Shape::Module(source.value.as_str()),
                    _ => Shape::Value,
                };
            }
            // `Object.freeze({ … })` is the object it freezes; any other call may return anything.
            match first.and_then(Argument::as_expression) {
                Some(object) if call.callee.is_specific_member_access("Object", "freeze") => shape_of(object),
                _ => Shape::Value,
            }
        }
        _ => Shape::Value,
    }
}

fn shape_of_type<'p>(annotation: &TSType<'p>) -> Shape<'p> {
    match annotation {
        TSType::TSFunctionType(function) => Shape::Function(arity_of(&function.params)),
        TSType::TSParenthesizedType(inner) => shape_of_type(&inner.type_annotation),
        _ => Shape::Value,
    }
}

/// How many arguments the parameters take.
pub(super) fn arity_of(parameters: &FormalParameters<'_>) -> Arity {
    let needed = |parameter: &&oxc_ast::ast::FormalParameter<'_>| {
        parameter.initializer.is_none() && !parameter.optional
    };
    Arity {
        required: parameters.items.iter().filter(needed).count(),
        all: parameters.items.len(),
        rest: parameters.rest.is_some(),
    }
}

/// The methods and fields of a class that other files can reach.
pub(super) fn class_members<'p>(class: &'p Class<'p>) -> Vec<Member<'p>> {
    let hidden = |accessibility: Option<TSAccessibility>| {
        matches!(accessibility, Some(TSAccessibility::Private | TSAccessibility::Protected))
    };
    let mut members = Vec::new();
    for element in &class.body.body {
        let (key, shape, start) = match element {
            ClassElement::MethodDefinition(method) if !hidden(method.accessibility) => {
                let shape = match method.kind {
                    MethodDefinitionKind::Method => Shape::Function(arity_of(&method.value.params)),
                    MethodDefinitionKind::Get => Shape::Value,
                    MethodDefinitionKind::Constructor | MethodDefinitionKind::Set => continue,
                };
                (&method.key, shape, method.span.start)
            }
            ClassElement::PropertyDefinition(field) if !hidden(field.accessibility) => {
                (&field.key, field.value.as_ref().map_or(Shape::Value, shape_of), field.span.start)
            }
            _ => continue,
        };
        if let Some(name) = key.static_name().filter(|_| !key.is_private_identifier()) {
            members.push(Member { name: name.into_owned(), shape, start: start as usize });
        }
    }
    members
}

/// The named members of an object literal, and the modules spread into it.
pub(super) fn object_members<'p>(object: &'p ObjectExpression<'p>) -> (Vec<Member<'p>>, Vec<&'p str>) {
    let (mut members, mut modules) = (Vec::new(), Vec::new());
    for property in &object.properties {
        match property {
            ObjectPropertyKind::ObjectProperty(property) => {
                if let Some(name) = property.key.static_name() {
                    let shape = shape_of(&property.value);
                    members.push(Member {
                        name: name.into_owned(),
                        shape,
                        start: property.span.start as usize,
                    });
                }
            }
            ObjectPropertyKind::SpreadProperty(spread) => {
                if let Shape::Module(source) = shape_of(&spread.argument) {
                    modules.push(source);
                }
            }
        }
    }
    (members, modules)
}

/// The exported members of a namespace.
pub(super) fn namespace_members<'p>(block: &'p TSModuleBlock<'p>) -> Vec<Member<'p>> {
    let bindings = Bindings::collect(&block.body);
    let mut members = Vec::new();
    for statement in &block.body {
        let Statement::ExportDeclaration(export) = statement else { continue };
        for (name, start) in names_of(&export.declaration) {
            let shape = bindings.resolve(Shape::Alias(name));
            members.push(Member { name: name.to_owned(), shape, start });
        }
    }
    members
}

/// The value names that a declaration binds; types bind none.
pub(super) fn names_of<'p>(declaration: &'p Declaration<'p>) -> Vec<(&'p str, usize)> {
    let named =
        |id: &'p oxc_ast::ast::BindingIdentifier<'p>| vec![(id.name.as_str(), id.span.start as usize)];
    match declaration {
        Declaration::FunctionDeclaration(function) => function.id.as_ref().map(named).unwrap_or_default(),
        Declaration::ClassDeclaration(class) => class.id.as_ref().map(named).unwrap_or_default(),
        Declaration::VariableDeclaration(variables) => {
            let names = variables.declarations.iter().flat_map(declared_names);
            names.map(|(name, _, start)| (name, start)).collect()
        }
        Declaration::TSEnumDeclaration(declared) => named(&declared.id),
        Declaration::TSNamespaceDeclaration(namespace) => named(&namespace.id),
        Declaration::TSImportEqualsDeclaration(import) => named(&import.id),
        _ => Vec::new(),
    }
}

fn namespace_block<'p>(namespace: &'p TSNamespaceDeclaration<'p>) -> Option<&'p TSModuleBlock<'p>> {
    match &namespace.body {
        TSNamespaceDeclarationBody::TSModuleBlock(block) => Some(block),
        TSNamespaceDeclarationBody::TSNamespaceDeclaration(_) => None,
    }
}
