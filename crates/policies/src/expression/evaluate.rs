//! Walking an expression.

use std::cmp::Ordering;
use std::rc::Rc;

use serde_json::Value;

use super::limits::ITEMS_MAX;
use super::node::{Comparison, Node, Operator, Walk, WalkKind};
use super::value::{Meter, Text, Val, as_double, whole};
use super::{ExpressionFailure, Scope, unknown};

/// The value of a tree; `None` for `absent`.
pub(super) fn run(node: &Node, scope: &Scope<'_>) -> Result<Option<Value>, ExpressionFailure> {
    let mut walker = Walker { scope, meter: Meter::new(), locals: Vec::new() };
    let value = walker.value(node)?;
    value.into_json(&mut walker.meter)
}

struct Walker<'a> {
    scope: &'a Scope<'a>,
    meter: Meter,
    /// Variables of the comprehensions that are open, outermost first.
    locals: Vec<Val<'a>>,
}

impl<'a> Walker<'a> {
    fn value(&mut self, node: &'a Node) -> Result<Val<'a>, ExpressionFailure> {
        self.meter.steps(1)?;
        match node {
            Node::Null => Ok(Val::Null),
            Node::Absent => Ok(Val::Absent),
            Node::Bool(value) => Ok(Val::Bool(*value)),
            Node::Int(number) => Ok(Val::Int(*number)),
            Node::Uint(number) => Ok(Val::Uint(*number)),
            Node::Double(number) => Ok(Val::Double(*number)),
            Node::Text(text) => Ok(Val::Text(Text::Borrowed(text))),
            Node::Path { root, steps } => self.path(root, steps),
            Node::Local(index) => Ok(self.locals.get(*index).cloned().unwrap_or(Val::Null)),
            // A member that is not there is null: records have members that come later.
            Node::Select(of, name) => Ok(self.value(of)?.member(name).unwrap_or(Val::Null)),
            Node::Has(of, name) => Ok(Val::Bool(self.value(of)?.member(name).is_some())),
            Node::Index(of, index) => self.index(of, index),
            Node::Not(of) => Ok(Val::Bool(!self.truth(of)?)),
            Node::Negate(of) => match self.value(of)? {
                Val::Double(number) => Ok(Val::Double(-number)),
                value => {
                    let number = whole(&value).ok_or_else(|| mistaken("-", &value))?;
                    of_whole(-number, false, "-")
                }
            },
            Node::And(one, two) => self.both(one, two, false),
            Node::Or(one, two) => self.both(one, two, true),
            Node::If(parts) => {
                let (condition, yes, no) = parts.as_ref();
                if self.truth(condition)? { self.value(yes) } else { self.value(no) }
            }
            Node::Equal(one, two) => Ok(Val::Bool(self.equal(one, two)?)),
            Node::Unequal(one, two) => Ok(Val::Bool(!self.equal(one, two)?)),
            Node::Compare(comparison, one, two) => self.compare(*comparison, one, two),
            Node::Arithmetic(operator, one, two) => {
                let (one, two) = (self.value(one)?, self.value(two)?);
                self.arithmetic(*operator, &one, &two)
            }
            Node::In(one, two) => self.is_in(one, two),
            Node::List(items) => {
                let items = items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?;
                Ok(Val::List(Rc::new(items)))
            }
            Node::Map(members) => self.object(members),
            Node::Call(function, args) => {
                let args = args.iter().map(|arg| self.value(arg)).collect::<Result<_, _>>()?;
                function.call(args, &mut self.meter)
            }
            Node::Matches(of, pattern) => {
                let value = self.value(of)?;
                let text = value.as_text().ok_or_else(|| mistaken("matches", &value))?;
                // Patterns are linear, and slower than looking a text through.
                self.meter.steps(text.len() / 8)?;
                Ok(Val::Bool(pattern.is_match(text)))
            }
            Node::Walk(walk) => self.walk(walk),
        }
    }

    fn path(&mut self, root: &str, steps: &'a [String]) -> Result<Val<'a>, ExpressionFailure> {
        let mut value = self.scope.get(root).ok_or_else(|| unknown(root))?;
        for step in steps {
            match value.get(step.as_str()) {
                Some(next) => value = next,
                None => return Ok(Val::Null),
            }
        }
        Ok(Val::of(value))
    }

    fn truth(&mut self, node: &'a Node) -> Result<bool, ExpressionFailure> {
        match self.value(node)? {
            Val::Bool(value) => Ok(value),
            other => {
                Err(ExpressionFailure::new(format!("{} stands where true or false should", other.kind())))
            }
        }
    }

    /// `&&` (decided by false) and `||` (decided by true): a failure on one side counts only where
    /// the other does not decide. Limits count always.
    fn both(&mut self, one: &'a Node, two: &'a Node, decides: bool) -> Result<Val<'a>, ExpressionFailure> {
        let first = self.truth(one);
        match &first {
            Ok(value) if *value == decides => return Ok(Val::Bool(decides)),
            Err(failure) if failure.limit => return first.map(Val::Bool),
            _ => {}
        }
        let second = self.truth(two)?;
        if second == decides { Ok(Val::Bool(decides)) } else { first.map(Val::Bool) }
    }

    fn equal(&mut self, one: &'a Node, two: &'a Node) -> Result<bool, ExpressionFailure> {
        let (one, two) = (self.value(one)?, self.value(two)?);
        one.equals(&two, &mut self.meter)
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        one: &'a Node,
        two: &'a Node,
    ) -> Result<Val<'a>, ExpressionFailure> {
        let (one, two) = (self.value(one)?, self.value(two)?);
        if let Some(text) = one.as_text() {
            self.meter.look(text)?;
        }
        let number = |value: &Val<'_>| as_double(value).is_some();
        let order = match one.order(&two) {
            Some(order) => order,
            // What is no number compares with none.
            None if number(&one) && number(&two) => return Ok(Val::Bool(false)),
            None => {
                let message = format!("{} and {} have no order", one.kind(), two.kind());
                return Err(ExpressionFailure::new(message));
            }
        };
        Ok(Val::Bool(match comparison {
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::GreaterOrEqual => order != Ordering::Less,
        }))
    }

    fn index(&mut self, of: &'a Node, index: &'a Node) -> Result<Val<'a>, ExpressionFailure> {
        let (value, index) = (self.value(of)?, self.value(index)?);
        match (&index, value.is_list()) {
            (Val::Text(name), false) => Ok(value.member(name.as_str()).unwrap_or(Val::Null)),
            (_, true) => {
                let found = whole(&index).and_then(|index| usize::try_from(index).ok());
                let found = found.and_then(|index| value.item(index));
                found.ok_or_else(|| {
                    ExpressionFailure::new("the list has no such item; ask for its `size` first")
                })
            }
            _ => Err(mistaken("[]", &value)),
        }
    }

    fn is_in(&mut self, one: &'a Node, two: &'a Node) -> Result<Val<'a>, ExpressionFailure> {
        let (one, two) = (self.value(one)?, self.value(two)?);
        if two.size().is_none() {
            return Err(mistaken("in", &two));
        }
        if !two.is_list() {
            return Ok(Val::Bool(one.as_text().is_some_and(|name| two.member(name).is_some())));
        }
        let mut index = 0;
        while let Some(item) = two.item(index) {
            if one.equals(&item, &mut self.meter)? {
                return Ok(Val::Bool(true));
            }
            index += 1;
        }
        Ok(Val::Bool(false))
    }

    fn object(&mut self, members: &'a [(Node, Node)]) -> Result<Val<'a>, ExpressionFailure> {
        let mut out: Vec<(Text<'a>, Val<'a>)> = Vec::with_capacity(members.len());
        for (name, value) in members {
            let Val::Text(name) = self.value(name)? else {
                return Err(ExpressionFailure::new("names of members should be texts"));
            };
            self.meter.steps(out.len() / 8)?;
            if out.iter().any(|(known, _)| known.as_str() == name.as_str()) {
                return Err(ExpressionFailure::new("an object has two members of one name"));
            }
            out.push((name, self.value(value)?));
        }
        Ok(Val::Map(Rc::new(out)))
    }

    fn arithmetic(
        &mut self,
        operator: Operator,
        one: &Val<'a>,
        two: &Val<'a>,
    ) -> Result<Val<'a>, ExpressionFailure> {
        let sign = sign(operator);
        if operator == Operator::Add {
            if let (Val::Text(one), Val::Text(two)) = (one, two) {
                let (one, two) = (one.as_str(), two.as_str());
                self.meter.text(one.len() + two.len())?;
                return Ok(Val::made([one, two].concat()));
            }
            if one.is_list() && two.is_list() {
                self.meter.steps(one.size().unwrap_or(0) + two.size().unwrap_or(0))?;
                let items = [one.items().unwrap_or_default(), two.items().unwrap_or_default()];
                return Ok(Val::List(Rc::new(items.concat())));
            }
        }
        if let (Some(left), Some(right)) = (whole(one), whole(two)) {
            let result = match operator {
                Operator::Add => left.checked_add(right),
                Operator::Subtract => left.checked_sub(right),
                Operator::Multiply => left.checked_mul(right),
                Operator::Divide => left.checked_div(right),
                Operator::Remainder => left.checked_rem(right),
            };
            let unsigned = matches!((one, two), (Val::Uint(_), Val::Uint(_)));
            let result = result.ok_or_else(|| {
                ExpressionFailure::new(match right {
                    0 => "a division by zero".to_owned(),
                    _ => format!("`{sign}` gives a number that is out of range"),
                })
            })?;
            return of_whole(result, unsigned, sign);
        }
        // Numbers of JSON have one type, whatever their spelling: 2 * 1.5 is 3.0.
        match (as_double(one), as_double(two)) {
            (Some(left), Some(right)) => Ok(Val::Double(match operator {
                Operator::Add => left + right,
                Operator::Subtract => left - right,
                Operator::Multiply => left * right,
                Operator::Divide => left / right,
                Operator::Remainder => {
                    return Err(mistaken("%", if whole(one).is_some() { two } else { one }));
                }
            })),
            _ => {
                let message = format!("`{sign}` cannot be asked of {} and {}", one.kind(), two.kind());
                Err(ExpressionFailure::new(message))
            }
        }
    }

    fn walk(&mut self, walk: &'a Walk) -> Result<Val<'a>, ExpressionFailure> {
        let range = self.value(&walk.range)?;
        let size = range.size().ok_or_else(|| mistaken("a comprehension", &range))?;
        if size > ITEMS_MAX {
            let message = format!("a comprehension walks at most {ITEMS_MAX} items, and these are {size}");
            return Err(ExpressionFailure::limit(message));
        }
        self.meter.steps(size)?;
        let items = range.items().unwrap_or_default();
        let depth = self.locals.len();
        let mut found = Found { held: 0, failure: None, out: Vec::new() };
        for item in items {
            self.locals.push(item);
            let ended = self.item(walk, depth, &mut found);
            self.locals.truncate(depth);
            if ended? {
                break;
            }
        }
        found.result(walk.kind, size)
    }

    /// Looks at the innermost variable; tells whether the comprehension has ended.
    fn item(
        &mut self,
        walk: &'a Walk,
        depth: usize,
        found: &mut Found<'a>,
    ) -> Result<bool, ExpressionFailure> {
        let held = match &walk.condition {
            None => true,
            Some(condition) => match self.truth(condition) {
                Ok(held) => held,
                // Another item may decide `all` and `exists`; it then does not matter that this failed.
                Err(failure) if !failure.limit && matches!(walk.kind, WalkKind::All | WalkKind::Exists) => {
                    found.failure.get_or_insert(failure);
                    return Ok(false);
                }
                Err(failure) => return Err(failure),
            },
        };
        found.held += usize::from(held);
        match walk.kind {
            WalkKind::All if !held => {
                found.failure = None;
                return Ok(true);
            }
            WalkKind::Exists if held => {
                found.failure = None;
                return Ok(true);
            }
            WalkKind::Filter if held => {
                found.out.extend(self.locals.get(depth).cloned());
            }
            WalkKind::Map if held => {
                let value = match &walk.item {
                    Some(item) => self.value(item)?,
                    None => Val::Null,
                };
                found.out.push(value);
            }
            _ => {}
        }
        Ok(false)
    }
}

/// What a comprehension has found.
struct Found<'a> {
    /// Items the condition holds of, a count.
    held: usize,
    failure: Option<ExpressionFailure>,
    out: Vec<Val<'a>>,
}

impl<'a> Found<'a> {
    fn result(self, kind: WalkKind, size: usize) -> Result<Val<'a>, ExpressionFailure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        Ok(match kind {
            WalkKind::All => Val::Bool(self.held == size),
            WalkKind::Exists => Val::Bool(self.held > 0),
            WalkKind::ExistsOne => Val::Bool(self.held == 1),
            WalkKind::Filter | WalkKind::Map => Val::List(Rc::new(self.out)),
        })
    }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "+",
        Operator::Subtract => "-",
        Operator::Multiply => "*",
        Operator::Divide => "/",
        Operator::Remainder => "%",
    }
}

fn mistaken(what: &str, found: &Val<'_>) -> ExpressionFailure {
    ExpressionFailure::new(format!("`{what}` cannot be asked of {}", found.kind()))
}

fn of_whole<'a>(number: i128, unsigned: bool, sign: &str) -> Result<Val<'a>, ExpressionFailure> {
    let int = i64::try_from(number).ok().filter(|_| !unsigned).map(Val::Int);
    let found = int.or_else(|| u64::try_from(number).ok().map(Val::Uint));
    found.ok_or_else(|| ExpressionFailure::new(format!("`{sign}` gives a number that is out of range")))
}
