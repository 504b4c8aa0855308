//! From text to the tree that is walked: what is too much is refused before the parser sees it,
//! what is not known is refused before anything runs.

use std::sync::Arc;
use std::thread;

use cel::common::ast::{CallExpr, EntryExpr, Expr, LiteralValue, MapExpr, SourceInfo, operators};
use cel::parser::{Expression as Parsed, ParseErrors};
use regex::RegexBuilder;

use super::ExpressionProblem;
use super::functions::{FUNCTIONS, Style};
use super::limits::{COMPREHENSIONS_MAX, DEPTH_MAX, NODES_MAX, PATTERN_BYTES_MAX};
use super::node::{Comparison, Node, Operator, Walk, WalkKind};

/// Deepest recursion of the parser, in levels of its grammar: room for every bracket there may be.
const PARSER_DEPTH_MAX: u16 = 48;

/// Stack of the parser, in bytes: a level takes up to a hundred thousand of them where the program
/// is not optimized, which is more than the stack of a caller has room for.
const PARSER_STACK_BYTES: usize = 32 * 1024 * 1024;

/// The name of the value that leaves a member out.
const ABSENT: &str = "absent";

/// The tree of a text, and the names it needs with their bytes.
pub(super) fn compile(text: &str) -> Result<(Node, Vec<(String, usize)>), ExpressionProblem> {
    super::preflight::check(text)?;
    if let Some(path) = plain_path(text) {
        return Ok(path);
    }
    let (parsed, info) = parse(text)?;
    let mut lowering =
        Lowering { text, info: &info, names: Vec::new(), locals: Vec::new(), nodes: 0, depth: 0 };
    let node = lowering.node(&parsed)?;
    Ok((node, lowering.names))
}

/// Words that are no names in CEL; the parser says what is wrong with them.
const RESERVED: &[&str] = &[
    "absent",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// A text that is nothing but names with dots between them: most expressions of a contract are, and
/// need no parser.
fn plain_path(text: &str) -> Option<(Node, Vec<(String, usize)>)> {
    let trimmed = text.trim();
    let is_name = |name: &str| {
        let letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let begins = name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
        begins && name.as_bytes().iter().all(letter) && !RESERVED.contains(&name)
    };
    let steps: Vec<&str> = trimmed.split('.').collect();
    if !steps.iter().all(|step| is_name(step)) || steps.len() > DEPTH_MAX {
        return None;
    }
    let mut steps = steps.into_iter().map(str::to_owned);
    let root = steps.next()?;
    let names = vec![(root.clone(), text.len() - text.trim_start().len())];
    Some((Node::Path { root, steps: steps.collect() }, names))
}

/// Parses on a stack of its own, whose end also stops a panic of the parser. Expressions are
/// compiled once, at start, so that a thread each costs nothing.
fn parse(text: &str) -> Result<(Parsed, SourceInfo), ExpressionProblem> {
    let problem = |message: String, offset| ExpressionProblem { message, offset };
    let parsed = thread::scope(|scope| {
        let parser = thread::Builder::new().stack_size(PARSER_STACK_BYTES);
        parser.spawn_scoped(scope, || parse_here(text)).map(thread::ScopedJoinHandle::join)
    });
    match parsed {
        Ok(Ok(Ok(parsed))) => Ok(parsed),
        Ok(Ok(Err(errors))) => {
            let first = errors.errors.into_iter().min_by_key(|error| error.pos);
            Err(match first {
                // The parser wraps its own word for this in a form of no use to people.
                Some(error) if error.msg.contains("Recursion limit") => {
                    problem(format!("the expression nests deeper than {PARSER_DEPTH_MAX} levels"), 0)
                }
                // Its words for an end are the names of all its tokens.
                Some(error) if error.msg.contains("'<EOF>'") => {
                    problem("the expression ends where a value should follow".to_owned(), text.len())
                }
                Some(error) => {
                    let said = error.msg.split(" expecting ").next().unwrap_or_default();
                    let said = said.trim_start_matches("Syntax error: ");
                    problem(format!("this is no CEL expression: {said}"), offset(text, error.pos))
                }
                None => problem("this is no CEL expression".to_owned(), 0),
            })
        }
        Ok(Err(_)) => Err(problem("this is no CEL expression: the parser gave up".to_owned(), 0)),
        Err(error) => Err(problem(format!("the parser could not be started: {error}"), 0)),
    }
}

fn parse_here(text: &str) -> Result<(Parsed, SourceInfo), ParseErrors> {
    // Macros are left as calls: their expansion could not be told from what was written.
    let parser = cel::Env::default().with_optional_support(false).parser();
    parser.max_recursion_depth(PARSER_DEPTH_MAX).error_recovery_limit(4).parse_with_source_info(text)
}

/// The byte at a line from 1 and a column from 1, both in characters.
fn offset(text: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line - 1).unwrap_or(0);
    let column = usize::try_from(column - 1).unwrap_or(0);
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    before + rest.char_indices().nth(column).map_or(rest.len(), |(index, _)| index)
}

struct Lowering<'t> {
    text: &'t str,
    info: &'t SourceInfo,
    names: Vec<(String, usize)>,
    /// Variables of the comprehensions that are open, outermost first.
    locals: Vec<String>,
    nodes: usize,
    depth: usize,
}

impl Lowering<'_> {
    fn problem(&self, at: &Parsed, message: impl Into<String>) -> ExpressionProblem {
        ExpressionProblem { message: message.into(), offset: self.offset(at) }
    }

    fn offset(&self, at: &Parsed) -> usize {
        let byte = self.info.offset_for(at.id).map_or(0, |(start, _)| start as usize);
        self.text.floor_char_boundary(byte)
    }

    fn node(&mut self, parsed: &Parsed) -> Result<Node, ExpressionProblem> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(self.problem(parsed, format!("the expression has more than {NODES_MAX} parts")));
        }
        if self.depth >= DEPTH_MAX {
            return Err(self.problem(parsed, format!("the expression nests deeper than {DEPTH_MAX} levels")));
        }
        self.depth += 1;
        let node = self.of(parsed);
        self.depth -= 1;
        node
    }

    fn of(&mut self, parsed: &Parsed) -> Result<Node, ExpressionProblem> {
        match &parsed.expr {
            Expr::Literal(literal) => self.literal(parsed, literal),
            Expr::Ident(name) => Ok(self.name(parsed, name.trim_start_matches('.'))),
            Expr::Select(select) => Ok(match (self.node(&select.operand)?, select.test) {
                (Node::Path { root, mut steps }, false) => {
                    steps.push(select.field.clone());
                    Node::Path { root, steps }
                }
                (of, false) => Node::Select(Box::new(of), select.field.clone()),
                (of, true) => Node::Has(Box::new(of), select.field.clone()),
            }),
            Expr::Call(call) => self.call(parsed, call),
            Expr::List(list) if list.optional_indices.is_empty() => {
                Ok(Node::List(list.elements.iter().map(|item| self.node(item)).collect::<Result<_, _>>()?))
            }
            Expr::Map(map) => self.map(parsed, map),
            Expr::List(_) => Err(self.problem(parsed, "optional items are not known here")),
            Expr::Struct(_) => {
                Err(self.problem(parsed, "messages of a type are not known here; write `{…}`"))
            }
            Expr::Comprehension(_) | Expr::Unspecified => {
                Err(self.problem(parsed, "this part of the expression is not known here"))
            }
        }
    }

    fn name(&mut self, parsed: &Parsed, name: &str) -> Node {
        if let Some(index) = self.locals.iter().rposition(|local| local == name) {
            return Node::Local(index);
        }
        if name == ABSENT {
            return Node::Absent;
        }
        if self.names.iter().all(|(known, _)| known != name) {
            self.names.push((name.to_owned(), self.offset(parsed)));
        }
        Node::Path { root: name.to_owned(), steps: Vec::new() }
    }

    fn literal(&self, parsed: &Parsed, literal: &LiteralValue) -> Result<Node, ExpressionProblem> {
        Ok(match literal {
            LiteralValue::Boolean(value) => Node::Bool(*value.inner()),
            LiteralValue::Int(number) => Node::Int(*number.inner()),
            LiteralValue::UInt(number) => Node::Uint(*number.inner()),
            LiteralValue::Double(number) => Node::Double(*number.inner()),
            LiteralValue::String(text) => Node::Text(Arc::from(text.inner())),
            LiteralValue::Null => Node::Null,
            LiteralValue::Bytes(_) => return Err(self.problem(parsed, "JSON has no bytes: write a text")),
        })
    }

    fn map(&mut self, parsed: &Parsed, map: &MapExpr) -> Result<Node, ExpressionProblem> {
        let mut members = Vec::with_capacity(map.entries.len());
        for entry in &map.entries {
            match &entry.expr {
                EntryExpr::MapEntry(entry) if !entry.optional => {
                    members.push((self.node(&entry.key)?, self.node(&entry.value)?));
                }
                _ => return Err(self.problem(parsed, "optional members are not known here")),
            }
        }
        Ok(Node::Map(members))
    }

    fn call(&mut self, parsed: &Parsed, call: &CallExpr) -> Result<Node, ExpressionProblem> {
        if let Some(node) = self.operator(call)? {
            return Ok(node);
        }
        let name = call.func_name.as_str();
        match (name, &call.target, call.args.as_slice()) {
            ("has", None, [of]) => match &of.expr {
                Expr::Select(select) => {
                    Ok(Node::Has(Box::new(self.node(&select.operand)?), select.field.clone()))
                }
                _ => Err(self.problem(of, "`has` asks for a member: `has(request.email)`")),
            },
            ("matches", Some(of), [pattern]) => self.matches(of, pattern),
            ("matches", None, [of, pattern]) => self.matches(of, pattern),
            ("all" | "exists" | "exists_one" | "existsOne" | "filter" | "map", Some(range), args) => {
                self.walk(parsed, name, range, args)
            }
            _ => self.function(parsed, call),
        }
    }

    fn operator(&mut self, call: &CallExpr) -> Result<Option<Node>, ExpressionProblem> {
        let name = call.func_name.as_str();
        Ok(Some(match (name, call.args.as_slice()) {
            (operators::LOGICAL_NOT, [of]) => Node::Not(self.boxed(of)?),
            (operators::NEGATE, [of]) => Node::Negate(self.boxed(of)?),
            (operators::CONDITIONAL, [condition, yes, no]) => {
                Node::If(Box::new((self.node(condition)?, self.node(yes)?, self.node(no)?)))
            }
            (_, [one, two]) => {
                let compare = |comparison| move |one, two| Node::Compare(comparison, one, two);
                let arithmetic = |operator| move |one, two| Node::Arithmetic(operator, one, two);
                let (one, two) = match name {
                    operators::LOGICAL_AND
                    | operators::LOGICAL_OR
                    | operators::EQUALS
                    | operators::NOT_EQUALS
                    | operators::LESS
                    | operators::LESS_EQUALS
                    | operators::GREATER
                    | operators::GREATER_EQUALS
                    | operators::ADD
                    | operators::SUBSTRACT
                    | operators::MULTIPLY
                    | operators::DIVIDE
                    | operators::MODULO
                    | operators::IN
                    | operators::INDEX => (self.boxed(one)?, self.boxed(two)?),
                    _ => return Ok(None),
                };
                match name {
                    operators::LOGICAL_AND => Node::And(one, two),
                    operators::LOGICAL_OR => Node::Or(one, two),
                    operators::EQUALS => Node::Equal(one, two),
                    operators::NOT_EQUALS => Node::Unequal(one, two),
                    operators::LESS => compare(Comparison::Less)(one, two),
                    operators::LESS_EQUALS => compare(Comparison::LessOrEqual)(one, two),
                    operators::GREATER => compare(Comparison::Greater)(one, two),
                    operators::GREATER_EQUALS => compare(Comparison::GreaterOrEqual)(one, two),
                    operators::ADD => arithmetic(Operator::Add)(one, two),
                    operators::SUBSTRACT => arithmetic(Operator::Subtract)(one, two),
                    operators::MULTIPLY => arithmetic(Operator::Multiply)(one, two),
                    operators::DIVIDE => arithmetic(Operator::Divide)(one, two),
                    operators::MODULO => arithmetic(Operator::Remainder)(one, two),
                    operators::IN => Node::In(one, two),
                    _ => Node::Index(one, two),
                }
            }
            _ => return Ok(None),
        }))
    }

    fn boxed(&mut self, parsed: &Parsed) -> Result<Box<Node>, ExpressionProblem> {
        self.node(parsed).map(Box::new)
    }

    fn matches(&mut self, of: &Parsed, pattern: &Parsed) -> Result<Node, ExpressionProblem> {
        let of = self.boxed(of)?;
        let Expr::Literal(LiteralValue::String(text)) = &pattern.expr else {
            return Err(self.problem(pattern, "the pattern of `matches` should be a text between quotes"));
        };
        let regex = RegexBuilder::new(text.inner()).size_limit(PATTERN_BYTES_MAX).build();
        match regex {
            Ok(regex) => Ok(Node::Matches(of, regex)),
            Err(error) => {
                let last = error.to_string();
                let last = last.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                Err(self.problem(pattern, format!("the pattern of `matches` is none: {last}")))
            }
        }
    }

    fn walk(
        &mut self,
        parsed: &Parsed,
        name: &str,
        range: &Parsed,
        args: &[Parsed],
    ) -> Result<Node, ExpressionProblem> {
        let kind = match name {
            "all" => WalkKind::All,
            "exists" => WalkKind::Exists,
            "filter" => WalkKind::Filter,
            "map" => WalkKind::Map,
            _ => WalkKind::ExistsOne,
        };
        let (variable, condition, item) = match (args, kind) {
            ([variable, item], WalkKind::Map) => (variable, None, Some(item)),
            ([variable, condition, item], WalkKind::Map) => (variable, Some(condition), Some(item)),
            ([variable, condition], _) if kind != WalkKind::Map => (variable, Some(condition), None),
            _ => return Err(self.problem(parsed, format!("`{name}` is written `list.{name}(x, …x…)`"))),
        };
        let Expr::Ident(variable) = &variable.expr else {
            return Err(self.problem(variable, format!("the first argument of `{name}` should be a name")));
        };
        let range = self.node(range)?;
        if self.locals.len() >= COMPREHENSIONS_MAX {
            let message =
                format!("comprehensions stand inside of each other {COMPREHENSIONS_MAX} deep at most");
            return Err(self.problem(parsed, message));
        }
        self.locals.push(variable.clone());
        let condition = condition.map(|condition| self.node(condition)).transpose();
        let item = item.map(|item| self.node(item)).transpose();
        self.locals.pop();
        Ok(Node::Walk(Box::new(Walk { kind, range, condition: condition?, item: item? })))
    }

    fn function(&mut self, parsed: &Parsed, call: &CallExpr) -> Result<Node, ExpressionProblem> {
        let name = call.func_name.as_str();
        let found = FUNCTIONS.iter().find(|(known, ..)| *known == name);
        let Some((_, function, arity, style)) = found else {
            let near = tenon_source::nearest(name, FUNCTIONS.iter().map(|(known, ..)| *known));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(self.problem(parsed, format!("the function `{name}` is not known{near}")));
        };
        let right = match style {
            Style::Global => call.target.is_none(),
            Style::Member => call.target.is_some(),
            Style::Either => true,
        };
        if !right {
            let form =
                if *style == Style::Global { format!("{name}(…)") } else { format!("text.{name}(…)") };
            return Err(self.problem(parsed, format!("`{name}` is written `{form}`")));
        }
        let args: Vec<&Parsed> = call.target.as_deref().into_iter().chain(&call.args).collect();
        if args.len() != *arity {
            let message = format!("`{name}` takes {arity} values, and here are {}", args.len());
            return Err(self.problem(parsed, message));
        }
        let args = args.into_iter().map(|arg| self.node(arg)).collect::<Result<_, _>>()?;
        Ok(Node::Call(*function, args))
    }
}
