//! What a field means that was not sent.

use tenon_graph::protobuf::{Field, FieldType, OptionValue, Protobuf, Scalar};

/// A default value, comparable across types.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Default {
    Text(Vec<u8>),
    Whole(i128),
    Float(f64),
}

impl Default {
    /// The default of a field; `None` where it can have none.
    pub(super) fn of(protobuf: &Protobuf, field: &Field) -> Option<Self> {
        if field.is_repeated() {
            return None;
        }
        let written = field.default.as_deref();
        match field.ty {
            FieldType::Message(_) | FieldType::Unknown => None,
            FieldType::Enum(id) => {
                let values = protobuf.values_of(protobuf.enumeration(id).values);
                let named = written.and_then(OptionValue::as_word);
                let value = match named {
                    Some(name) => values.iter().find(|value| &*value.name == name),
                    None => values.first(),
                };
                Some(Self::Whole(value.map_or(0, |value| i128::from(value.number))))
            }
            FieldType::Scalar(scalar) => Some(Self::of_scalar(scalar, written)),
        }
    }

    fn of_scalar(scalar: Scalar, written: Option<&OptionValue>) -> Self {
        match scalar {
            Scalar::String | Scalar::Bytes => Self::Text(match written {
                Some(OptionValue::Text(bytes)) => bytes.to_vec(),
                _ => Vec::new(),
            }),
            Scalar::Bool => Self::Whole(i128::from(written.and_then(OptionValue::as_bool) == Some(true))),
            Scalar::Float | Scalar::Double => {
                let value = written.map_or(0.0, float);
                Self::Float(if scalar == Scalar::Float { f64::from(single(value)) } else { value })
            }
            _ => match written {
                Some(OptionValue::Integer { negative, magnitude }) => {
                    let magnitude = i128::from(*magnitude);
                    Self::Whole(if *negative { -magnitude } else { magnitude })
                }
                _ => Self::Whole(0),
            },
        }
    }

    fn is_zero(&self) -> bool {
        match self {
            Self::Text(bytes) => bytes.is_empty(),
            Self::Whole(number) => *number == 0,
            Self::Float(number) => *number == 0.0 && number.is_sign_positive(),
        }
    }

    /// Whether a field that was not sent means the same. Types may differ: that is said elsewhere.
    #[expect(clippy::float_cmp, reason = "a default is what is written, to the last bit")]
    pub(super) fn means(&self, other: &Self) -> bool {
        if self.is_zero() && other.is_zero() {
            return true;
        }
        match (self, other) {
            (Self::Float(one), Self::Float(other)) => {
                // The nearest number of the narrower type is the same number.
                one == other || single(*one) == single(*other) || (one.is_nan() && other.is_nan())
            }
            (Self::Whole(whole), Self::Float(float)) | (Self::Float(float), Self::Whole(whole)) => {
                float.fract() == 0.0 && format!("{float:.0}") == whole.to_string()
            }
            _ => self == other,
        }
    }

    /// The value as messages show it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
            Self::Whole(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "this is how a `float` keeps it")]
fn single(value: f64) -> f32 {
    value as f32
}

#[expect(clippy::cast_precision_loss, reason = "this is how a `double` keeps it")]
fn float(value: &OptionValue) -> f64 {
    match value {
        OptionValue::Float(value) => *value,
        OptionValue::Integer { negative, magnitude } => {
            let magnitude = *magnitude as f64;
            if *negative { -magnitude } else { magnitude }
        }
        OptionValue::Word(word) => match &**word {
            "inf" => f64::INFINITY,
            "-inf" => f64::NEG_INFINITY,
            "nan" | "-nan" => f64::NAN,
            _ => 0.0,
        },
        _ => 0.0,
    }
}
