//! Values to be made, compiled.

use serde_json::{Map, Value};
use tenon_graph::serving::Template;
use tenon_source::At;

use super::{Expression, ExpressionFailure, ExpressionProblem, Scope};

/// An expression of a template that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateProblem {
    /// Where the expression is written.
    pub at: At,
    /// What is wrong with it; its offset counts from behind the `=`.
    pub problem: ExpressionProblem,
}

/// A template whose expressions are compiled.
#[derive(Debug, Clone)]
pub struct CompiledTemplate {
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    Value(Value),
    Expression(Box<Expression>, At),
    Object(Vec<(String, Form)>),
    Array(Vec<Form>),
}

impl CompiledTemplate {
    /// Compiles every expression.
    ///
    /// # Errors
    /// The first expression that cannot be used, in document order.
    pub fn compile(template: &Template) -> Result<Self, TemplateProblem> {
        Ok(Self { form: form(template)? })
    }

    /// The names it needs in its scope, in document order, with the place and byte of each.
    #[must_use]
    pub fn names(&self) -> Vec<(&str, At, usize)> {
        let mut out = Vec::new();
        names(&self.form, &mut out);
        out
    }

    /// The value. A member whose expression gives `absent`, or is a path that leads nowhere, is
    /// left out; elsewhere it is `null`.
    ///
    /// # Errors
    /// When an expression fails.
    pub fn render(&self, scope: &Scope<'_>) -> Result<Value, ExpressionFailure> {
        Ok(self.render_or_absent(scope)?.unwrap_or(Value::Null))
    }

    /// The value; `None` where the whole template is absent.
    ///
    /// # Errors
    /// When an expression fails.
    pub fn render_or_absent(&self, scope: &Scope<'_>) -> Result<Option<Value>, ExpressionFailure> {
        render(&self.form, scope)
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// When it gives anything but `true` or `false`, or an expression fails.
    pub fn holds(&self, scope: &Scope<'_>) -> Result<bool, ExpressionFailure> {
        match &self.form {
            Form::Expression(expression, _) => expression.holds(scope),
            Form::Value(Value::Bool(value)) => Ok(*value),
            _ => {
                Err(ExpressionFailure::new("a condition should give true or false, and gives something else"))
            }
        }
    }
}

fn form(template: &Template) -> Result<Form, TemplateProblem> {
    Ok(match template {
        Template::Value(value) => Form::Value(value.clone()),
        Template::Expression(name) => {
            let expression = Expression::compile(&name.text)
                .map_err(|problem| TemplateProblem { at: name.at, problem })?;
            Form::Expression(Box::new(expression), name.at)
        }
        Template::Object(members) => {
            let members = members.iter().map(|(name, member)| Ok((name.clone(), form(member)?)));
            Form::Object(members.collect::<Result<_, _>>()?)
        }
        Template::Array(items) => Form::Array(items.iter().map(form).collect::<Result<_, _>>()?),
    })
}

fn names<'t>(form: &'t Form, out: &mut Vec<(&'t str, At, usize)>) {
    match form {
        Form::Value(_) => {}
        Form::Expression(expression, at) => {
            out.extend(expression.names().map(|(name, offset)| (name, *at, offset)));
        }
        Form::Object(members) => members.iter().for_each(|(_, member)| names(member, out)),
        Form::Array(items) => items.iter().for_each(|item| names(item, out)),
    }
}

fn render(form: &Form, scope: &Scope<'_>) -> Result<Option<Value>, ExpressionFailure> {
    Ok(Some(match form {
        Form::Value(value) => value.clone(),
        Form::Expression(expression, _) => return expression.evaluate_or_absent(scope),
        Form::Object(members) => {
            let mut out = Map::with_capacity(members.len());
            for (name, member) in members {
                if let Some(value) = render(member, scope)? {
                    out.insert(name.clone(), value);
                }
            }
            Value::Object(out)
        }
        Form::Array(items) => {
            let items = items.iter().map(|item| Ok(render(item, scope)?.unwrap_or(Value::Null)));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
    }))
}
