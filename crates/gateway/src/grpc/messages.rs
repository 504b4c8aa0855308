//! Messages by their descriptors: from the wire, and from JSON as people write it, to the form
//! policies and handlers see, and back.
//!
//! Inside, a message is JSON (ProtoJSON) whose members have the names of the `.proto` file and
//! whose fields without presence are always there, so that expressions need not ask for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use buffa::DecodeOptions;
use buffa::editions::FieldPresence;

use buffa_descriptor::{
    DescriptorPool, DynamicMessage, EnumIndex, FieldDescriptor, FieldKind, MessageIndex, ScalarType,
    SingularKind,
};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::wire;
use crate::plan::rpc::RpcPlan;

/// How deep an example goes into messages of messages, in levels.
const EXAMPLE_DEPTH_MAX: usize = 4;

/// Types whose JSON is not an object of their fields.
const OWN_JSON: &str = "google.protobuf.";

/// The messages of a plan.
#[derive(Debug, Clone)]
pub struct Messages {
    pool: Arc<DescriptorPool>,
    /// Each file as it was given, for reflection: what was read and written again might lack what
    /// the reader does not know.
    files: Arc<BTreeMap<String, Bytes>>,
}

impl Messages {
    /// The messages of a `FileDescriptorSet`.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn new(descriptor_set: &[u8]) -> Result<Self, String> {
        let options = DecodeOptions::new().with_element_memory_limit(usize::MAX);
        let pool = DescriptorPool::decode_with_options(descriptor_set, &options)
            .map_err(|problem| format!("the descriptors cannot be linked: {problem}"))?;
        let mut files = BTreeMap::new();
        for (field, value) in wire::fields(descriptor_set).unwrap_or_default() {
            let (1, wire::Value::Bytes(file)) = (field, value) else { continue };
            let name = wire::fields(file).unwrap_or_default();
            let name = name.iter().find(|(field, _)| *field == 1).and_then(|(_, value)| value.text());
            files.insert(name.unwrap_or_default().to_owned(), Bytes::copy_from_slice(file));
        }
        Ok(Self { pool: Arc::new(pool), files: Arc::new(files) })
    }

    /// The descriptors of one file.
    pub(crate) fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.get(name)
    }

    /// The file that declares a name.
    pub(crate) fn file_of(&self, symbol: &str) -> Option<&Bytes> {
        let whole = self.pool.file_containing_symbol(symbol);
        // Methods and fields are found by what they stand in.
        let file = whole.or_else(|| self.pool.file_containing_symbol(symbol.rsplit_once('.')?.0))?;
        self.files.get(file.name.as_deref()?)
    }

    /// The file that extends a message with a number.
    pub(crate) fn file_of_extension(&self, message: &str, number: u32) -> Option<&Bytes> {
        let extension = self.pool.extension_for(self.pool.message_index(message)?, number)?;
        self.file_of(extension.full_name())
    }

    /// The numbers a message is extended with.
    pub(crate) fn extensions_of(&self, message: &str) -> Option<Vec<u32>> {
        let index = self.pool.message_index(message)?;
        let mut numbers: Vec<u32> =
            self.pool.extensions_of(index).map(|extension| extension.field().number()).collect();
        numbers.sort_unstable();
        Some(numbers)
    }

    /// A message by its full name.
    pub(crate) fn index(&self, full_name: &str) -> Option<MessageIndex> {
        self.pool.message_index(full_name)
    }

    /// A message by its full name, from JSON to the wire.
    ///
    /// # Errors
    /// Says what does not fit, or that there is no such message.
    pub fn to_wire(&self, full_name: &str, json: &str) -> Result<Vec<u8>, String> {
        let index = self.index(full_name).ok_or_else(|| format!("there is no message `{full_name}`"))?;
        self.encode(index, json)
    }

    /// A message by its full name, from the wire to JSON with the names of the `.proto` file.
    ///
    /// # Errors
    /// Says what is wrong with the bytes, or that there is no such message.
    pub fn of_wire(&self, full_name: &str, bytes: &[u8]) -> Result<Value, String> {
        let index = self.index(full_name).ok_or_else(|| format!("there is no message `{full_name}`"))?;
        self.decode(index, bytes)
    }

    /// From the wire to the form inside.
    ///
    /// # Errors
    /// Says what is wrong with the bytes.
    pub(crate) fn decode(&self, message: MessageIndex, bytes: &[u8]) -> Result<Value, String> {
        let decoded = DynamicMessage::decode(Arc::clone(&self.pool), message, bytes);
        let decoded = decoded.map_err(|problem| problem.to_string())?;
        self.inside(message, &decoded)
    }

    /// From JSON, names in either form, to the form inside.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(crate) fn read(&self, message: MessageIndex, json: &str) -> Result<Value, String> {
        self.inside(message, &self.parse(message, json)?)
    }

    /// From the form inside to the wire.
    ///
    /// # Errors
    /// Says what does not fit the message.
    pub(crate) fn encode(&self, message: MessageIndex, json: &str) -> Result<Vec<u8>, String> {
        self.parse(message, json)?.try_encode_to_vec().map_err(|problem| problem.to_string())
    }

    /// From the form inside to JSON as ProtoJSON writes it.
    ///
    /// # Errors
    /// Says what does not fit the message.
    pub(crate) fn canonical(&self, message: MessageIndex, json: &str) -> Result<String, String> {
        self.parse(message, json)?.to_json().map_err(|problem| problem.to_string())
    }

    fn parse(&self, message: MessageIndex, json: &str) -> Result<DynamicMessage, String> {
        DynamicMessage::from_json(Arc::clone(&self.pool), message, json)
            .map_err(|problem| problem.to_string())
    }

    fn inside(&self, message: MessageIndex, decoded: &DynamicMessage) -> Result<Value, String> {
        let json = decoded.to_json().map_err(|problem| problem.to_string())?;
        let value = serde_json::from_str(&json).map_err(|problem| problem.to_string())?;
        Ok(self.named(message, value))
    }

    /// Members by the names of the `.proto` file, and those that have no presence filled in.
    fn named(&self, message: MessageIndex, value: Value) -> Value {
        let descriptor = self.pool.message(message);
        let Value::Object(mut given) = value else { return value };
        if descriptor.full_name().starts_with(OWN_JSON) {
            return Value::Object(given);
        }
        let mut out = Map::new();
        for field in descriptor.fields() {
            let value = match given.remove(field.json_name()) {
                Some(value) => self.value(field.kind(), value),
                None if field.presence() == FieldPresence::Implicit => self.absent(field.kind()),
                None => continue,
            };
            out.insert(field.name().to_owned(), value);
        }
        // Extensions.
        out.extend(given);
        Value::Object(out)
    }

    fn value(&self, kind: FieldKind, value: Value) -> Value {
        match (kind, value) {
            (FieldKind::Singular(SingularKind::Message(of)), value) => self.named(of, value),
            (FieldKind::List(SingularKind::Message(of)), Value::Array(items)) => {
                items.into_iter().map(|item| self.named(of, item)).collect()
            }
            (FieldKind::Map { value: SingularKind::Message(of), .. }, Value::Object(members)) => {
                let named = members.into_iter().map(|(name, value)| (name, self.named(of, value)));
                Value::Object(named.collect())
            }
            (_, value) => value,
        }
    }

    fn absent(&self, kind: FieldKind) -> Value {
        match kind {
            FieldKind::List(_) => json!([]),
            FieldKind::Map { .. } => json!({}),
            FieldKind::Singular(SingularKind::Enum(of)) => self.first_of(of),
            FieldKind::Singular(SingularKind::Message(_)) => Value::Null,
            FieldKind::Singular(SingularKind::Scalar(scalar)) => match scalar {
                ScalarType::Bool => json!(false),
                ScalarType::String | ScalarType::Bytes => json!(""),
                ScalarType::Double | ScalarType::Float => json!(0.0),
                // ProtoJSON writes what may not fit a double as text.
                ScalarType::Int64
                | ScalarType::Uint64
                | ScalarType::Fixed64
                | ScalarType::Sfixed64
                | ScalarType::Sint64 => json!("0"),
                _ => json!(0),
            },
        }
    }

    fn first_of(&self, of: EnumIndex) -> Value {
        let values = self.pool.enumeration(of).values();
        values
            .iter()
            .find(|value| value.number() == 0)
            .or(values.first())
            .map_or(json!(0), |first| Value::String(first.name().to_owned()))
    }

    /// An example of what an RPC answers; how the call ended is told apart.
    pub(crate) fn example_of_reply(&self, rpc: &RpcPlan) -> Value {
        let mut example = self.example_below(rpc.response, EXAMPLE_DEPTH_MAX);
        if let (Some(_), Value::Object(members)) = (rpc.status, &mut example) {
            members.remove("status");
        }
        example
    }

    /// A response, with its word on how the call ended where it has none yet.
    pub(crate) fn completed(rpc: &RpcPlan, body: Option<Value>) -> Value {
        let mut body = body.unwrap_or_else(|| json!({}));
        if let (Some(_), Value::Object(members)) = (rpc.status, &mut body) {
            members.entry("status").or_insert_with(|| json!({ "ok": true }));
        }
        body
    }

    fn example_below(&self, message: MessageIndex, depth: usize) -> Value {
        let descriptor = self.pool.message(message);
        match descriptor.full_name().strip_prefix(OWN_JSON) {
            Some("Timestamp") => return json!("2026-01-01T00:00:00Z"),
            Some("Duration") => return json!("1s"),
            Some("FieldMask" | "StringValue") => return json!("name"),
            Some("Int64Value" | "UInt64Value" | "Int32Value" | "UInt32Value") => return json!(1),
            Some("DoubleValue" | "FloatValue") => return json!(1.5),
            Some("BoolValue") => return json!(true),
            Some("Value") => return json!("value"),
            Some("ListValue") => return json!([]),
            Some(_) => return json!({}),
            None => {}
        }
        let mut out = Map::new();
        let mut unions = Vec::new();
        for field in descriptor.fields() {
            // Of a union, only the first.
            if let Some(union) = field.oneof_index() {
                if unions.contains(&union) {
                    continue;
                }
                unions.push(union);
            }
            let one = |kind| self.example_of(field, kind, depth);
            let value = match field.kind() {
                FieldKind::Singular(kind) => one(kind),
                FieldKind::List(kind) => one(kind).map(|value| json!([value])),
                FieldKind::Map { .. } => None,
            };
            if let Some(value) = value {
                out.insert(field.name().to_owned(), value);
            }
        }
        Value::Object(out)
    }

    fn example_of(&self, field: &FieldDescriptor, kind: SingularKind, depth: usize) -> Option<Value> {
        Some(match kind {
            SingularKind::Message(of) if depth > 0 => self.example_below(of, depth - 1),
            SingularKind::Message(_) => return None,
            SingularKind::Enum(of) => {
                let values = self.pool.enumeration(of).values();
                let told = values.iter().find(|value| value.number() != 0).or(values.first())?;
                json!(told.name())
            }
            SingularKind::Scalar(ScalarType::Bool) => json!(true),
            SingularKind::Scalar(ScalarType::String) => json!(field.name()),
            SingularKind::Scalar(ScalarType::Bytes) => json!(""),
            SingularKind::Scalar(ScalarType::Double | ScalarType::Float) => json!(1.5),
            SingularKind::Scalar(_) => json!(1),
        })
    }

    /// How a text of a path or a query stands in JSON, by the kind of its field; `None` where no
    /// such field can be given as text. `path` goes into messages of messages.
    pub(crate) fn text_value(&self, message: MessageIndex, path: &[&str], text: &str) -> Option<TextValue> {
        let (first, rest) = path.split_first()?;
        let field = self.pool.message(message).field_by_name(first)?;
        if let (FieldKind::Singular(SingularKind::Message(of)), false) = (field.kind(), rest.is_empty()) {
            return self.text_value(of, rest, text);
        }
        if !rest.is_empty() {
            return None;
        }
        let one = |kind| match kind {
            SingularKind::Scalar(ScalarType::Bool) => match text {
                "true" | "1" => Some(json!(true)),
                "false" | "0" => Some(json!(false)),
                _ => Some(json!(text)),
            },
            SingularKind::Scalar(_) | SingularKind::Enum(_) => Some(json!(text)),
            // Times, wrappers and masks are texts too.
            SingularKind::Message(of) => {
                self.pool.message(of).full_name().starts_with(OWN_JSON).then(|| json!(text))
            }
        };
        match field.kind() {
            FieldKind::Singular(kind) => one(kind).map(TextValue::One),
            FieldKind::List(kind) => one(kind).map(TextValue::Item),
            FieldKind::Map { .. } => None,
        }
    }

    /// The field `status` of a response, where it tells how a call ended: `ok`, `code`, `message`,
    /// `retryable`.
    pub(crate) fn status_of(&self, message: MessageIndex) -> Option<MessageIndex> {
        let field = self.pool.message(message).field_by_name("status")?;
        let FieldKind::Singular(SingularKind::Message(status)) = field.kind() else { return None };
        let has = |name: &&str| self.pool.message(status).field_by_name(name).is_some();
        ["ok", "code", "message", "retryable"].iter().all(has).then_some(status)
    }

    /// The full name of a message.
    pub(crate) fn name(&self, message: MessageIndex) -> &str {
        self.pool.message(message).full_name()
    }
}

/// A text as it stands in JSON.
#[derive(Debug)]
pub(crate) enum TextValue {
    /// The value of the field.
    One(Value),
    /// One of its values.
    Item(Value),
}
