//! Texts of parameters to values.

use serde_json::{Number, Value};
use tenon_graph::Graph;
use tenon_source::{At, Node};

/// Most items of a parameter that is a list, a count.
const ITEMS_MAX: usize = 1_000;

/// What the text of a parameter is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// JSON.
    Json,
    /// A list of such values.
    List {
        /// What an item is read as.
        item: Scalar,
        /// Whether each item is a parameter of its own; otherwise one text has them all.
        explode: bool,
        /// What stands between items of one text.
        separator: char,
    },
}

/// What one text of a list is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
}

impl Shape {
    /// What a schema says; the parameter says how lists are written.
    #[must_use]
    pub fn of(graph: &Graph, schema: At, parameter: At) -> Self {
        let file = graph.follow(schema).file;
        let schema = graph.node(graph.follow(schema));
        match scalar(schema) {
            Found::Scalar(Scalar::Text) => Self::Text,
            Found::Scalar(Scalar::Integer) => Self::Integer,
            Found::Scalar(Scalar::Number) => Self::Number,
            Found::Scalar(Scalar::Boolean) => Self::Boolean,
            Found::Object => Self::Json,
            Found::List => {
                let items = schema.get("items").map(|items| graph.follow(At { file, node: items.id() }));
                let item = match items.map(|at| scalar(graph.node(at))) {
                    Some(Found::Scalar(scalar)) => scalar,
                    _ => Scalar::Text,
                };
                let parameter = graph.node(parameter);
                let style = parameter.get_str("style");
                let separator = match (style, parameter.get_str("collectionFormat")) {
                    (Some("spaceDelimited"), _) | (_, Some("ssv")) => ' ',
                    (Some("pipeDelimited"), _) | (_, Some("pipes")) => '|',
                    (_, Some("tsv")) => '\t',
                    _ => ',',
                };
                let in_query = parameter.get_str("in") == Some("query");
                // Swagger 2 has one text unless it says `multi`; OpenAPI 3 explodes forms.
                let explode =
                    match (parameter.get("explode").and_then(Node::as_bool), parameter.get("schema")) {
                        (Some(explode), _) => explode,
                        (None, Some(_)) => in_query && matches!(style, None | Some("form")),
                        (None, None) => parameter.get_str("collectionFormat") == Some("multi"),
                    };
                Self::List { item, explode, separator }
            }
        }
    }

    /// The value of the texts that were sent under one name.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(self, sent: &[&str]) -> Result<Value, &'static str> {
        let one = || match sent {
            [one] => Ok(*one),
            _ => Err("is given more than once"),
        };
        match self {
            Self::Text => one().map(Value::from),
            Self::Integer => Scalar::Integer.read(one()?),
            Self::Number => Scalar::Number.read(one()?),
            Self::Boolean => Scalar::Boolean.read(one()?),
            Self::Json => serde_json::from_str(one()?).map_err(|_| "should be JSON"),
            Self::List { item, explode, separator } => {
                let texts: Vec<&str> = match (explode, sent) {
                    (false, [""]) => Vec::new(),
                    (false, [one]) => one.split(separator).collect(),
                    (false, _) => return Err("is given more than once"),
                    (true, several) => several.to_vec(),
                };
                if texts.len() > ITEMS_MAX {
                    return Err("has more than 1000 items");
                }
                texts.into_iter().map(|text| item.read(text)).collect()
            }
        }
    }
}

impl Scalar {
    fn read(self, text: &str) -> Result<Value, &'static str> {
        match self {
            Self::Text => Ok(Value::from(text)),
            Self::Boolean => match text {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err("should be true or false"),
            },
            Self::Integer => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
                let number =
                    text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
                match number {
                    Ok(number) if plain => Ok(Value::Number(number)),
                    _ => Err("should be a whole number"),
                }
            }
            // The grammar of JSON: `1e5`, but neither `0x10` nor `inf`.
            Self::Number => match serde_json::from_str(text) {
                Ok(Value::Number(number)) if !text.contains(char::is_whitespace) => Ok(Value::Number(number)),
                _ => Err("should be a number"),
            },
        }
    }
}

enum Found {
    Scalar(Scalar),
    List,
    Object,
}

/// The first type that says how to read a text; a `null` beside it does not.
fn scalar(schema: Node<'_>) -> Found {
    let named = schema.get("type");
    let types = named
        .into_iter()
        .flat_map(|named| named.as_str().into_iter().chain(named.items().filter_map(Node::as_str)));
    for name in types {
        return match name {
            "integer" => Found::Scalar(Scalar::Integer),
            "number" => Found::Scalar(Scalar::Number),
            "boolean" => Found::Scalar(Scalar::Boolean),
            "array" => Found::List,
            "object" => Found::Object,
            "null" => continue,
            _ => Found::Scalar(Scalar::Text),
        };
    }
    Found::Scalar(Scalar::Text)
}
