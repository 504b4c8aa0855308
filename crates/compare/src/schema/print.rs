//! Whether two schemas are written alike, but for the order of their members: then only what
//! they refer to can differ.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHasher};
use tenon_source::{At, Kind, Node};

use super::reach::Mask;
use super::view::{Entry, Side};

/// A schema as a hash, with the references in it.
#[derive(Debug)]
pub(super) struct Print {
    hash: u64,
    /// References in an order that is equal for equal schemas: a hash of the way there, what it
    /// leads to, and the messages that have it.
    pub(super) references: Vec<(u64, At, Mask)>,
    /// Whether a reference stands where its target turns round what it says, as in `not`.
    is_turned: bool,
}

/// The prints of one version.
#[derive(Debug, Default)]
pub(super) struct Prints(FxHashMap<At, Rc<Print>>);

impl Prints {
    pub(super) fn of(&mut self, side: Side<'_>, entry: Entry) -> Rc<Print> {
        if let Some(print) = self.0.get(&entry.at) {
            return Rc::clone(print);
        }
        let mut print = Print { hash: 0, references: Vec::new(), is_turned: false };
        let context = Context { way: 0, mask: Mask::ALL, is_turned: false };
        print.hash = value(side, entry.at, side.node(entry.at), context, &mut print);
        print.references.sort_unstable();
        let print = Rc::new(print);
        self.0.insert(entry.at, Rc::clone(&print));
        print
    }
}

impl Print {
    /// The hash.
    pub(super) fn hash(&self) -> u64 {
        self.hash
    }

    /// Whether two schemas are written alike, and differ at most in what their references say.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        self.is_equal(other) && !self.is_turned && !other.is_turned
    }

    /// Whether two schemas are written alike.
    pub(super) fn is_equal(&self, other: &Self) -> bool {
        self.hash == other.hash
            && self.references.len() == other.references.len()
            && self.references.iter().zip(&other.references).all(|(one, two)| one.0 == two.0)
    }
}

/// Keywords below which a wider schema may mean less, or another.
const TURNING: [&str; 5] = ["not", "if", "oneOf", "contains", "unevaluatedProperties"];

#[derive(Clone, Copy)]
struct Context {
    way: u64,
    mask: Mask,
    is_turned: bool,
}

fn mix(one: u64, two: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    one.hash(&mut hasher);
    two.hash(&mut hasher);
    hasher.finish()
}

fn value(side: Side<'_>, root: At, node: Node<'_>, context: Context, print: &mut Print) -> u64 {
    match node.kind() {
        Kind::Null => 1,
        Kind::Bool => mix(2, node.as_bool()),
        Kind::Number => mix(3, node.number_text()),
        Kind::String => mix(4, node.as_str()),
        Kind::Array => {
            let mut hash = 5;
            for (index, item) in node.items().enumerate() {
                let inner = Context { way: mix(context.way, index), ..context };
                hash = mix(hash, value(side, root, item, inner, print));
            }
            hash
        }
        Kind::Object => {
            let at = At { file: root.file, node: node.id() };
            let mut context = context;
            context.mask = context.mask.and(Mask::of_flags(node));
            if let Some(target) = side.graph.target(at) {
                print.references.push((context.way, target, context.mask));
                print.is_turned |= context.is_turned;
            }
            // Added, so that the order of members does not count.
            node.members().fold(6u64, |sum, (name, member)| {
                let way = mix(context.way, name);
                let is_turned = context.is_turned || TURNING.contains(&name);
                let inner = Context { way, is_turned, ..context };
                sum.wrapping_add(mix(mix(7, name), value(side, root, member, inner, print)))
            })
        }
    }
}
