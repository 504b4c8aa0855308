//! Which RPCs a message or enum reaches, and who sends it there.

use std::sync::OnceLock;

use tenon_graph::protobuf::{EnumId, FieldType, MessageId, Protobuf, RpcId};

use crate::{Direction, Reach};

/// Who uses what, in one version; worked out at the first question.
pub(super) struct Reaches<'g> {
    protobuf: &'g Protobuf,
    uses: OnceLock<Uses>,
}

/// Users of messages and enums.
#[derive(Default)]
struct Uses {
    /// Messages with a field of a message, by the field's type.
    of_message: Vec<Vec<MessageId>>,
    /// Messages with a field of an enum, likewise.
    of_enum: Vec<Vec<MessageId>>,
    /// RPCs that a message is sent to or comes from.
    rpcs: Vec<Vec<(RpcId, Direction)>>,
}

impl<'g> Reaches<'g> {
    pub(super) fn new(protobuf: &'g Protobuf) -> Self {
        Self { protobuf, uses: OnceLock::new() }
    }

    /// The RPCs a message reaches; `None` where it reaches none.
    pub(super) fn of_message(&self, id: MessageId) -> Option<(Reach, Direction)> {
        self.walk(vec![id])
    }

    /// The RPCs an enum reaches.
    pub(super) fn of_enum(&self, id: EnumId) -> Option<(Reach, Direction)> {
        let users = self.uses().of_enum.get(id.0 as usize).cloned().unwrap_or_default();
        self.walk(users)
    }

    fn walk(&self, mut stack: Vec<MessageId>) -> Option<(Reach, Direction)> {
        let uses = self.uses();
        let mut seen: rustc_hash::FxHashSet<MessageId> = stack.iter().copied().collect();
        let mut names = Vec::new();
        let mut direction: Option<Direction> = None;
        while let Some(id) = stack.pop() {
            for &(rpc, of_rpc) in uses.rpcs.get(id.0 as usize).into_iter().flatten() {
                direction = Some(direction.map_or(of_rpc, |known| known.and(of_rpc)));
                names.push(rpc_name(self.protobuf, rpc));
            }
            let users = uses.of_message.get(id.0 as usize).into_iter().flatten();
            stack.extend(users.copied().filter(|user| seen.insert(*user)));
        }
        direction.map(|direction| (Reach::of(names), direction))
    }

    fn uses(&self) -> &Uses {
        self.uses.get_or_init(|| Uses::of(self.protobuf))
    }
}

impl Uses {
    fn of(protobuf: &Protobuf) -> Self {
        let mut uses = Self {
            of_message: vec![Vec::new(); protobuf.messages.len()],
            of_enum: vec![Vec::new(); protobuf.enums.len()],
            rpcs: vec![Vec::new(); protobuf.messages.len()],
        };
        for (index, message) in protobuf.messages.iter().enumerate() {
            let user = MessageId::from(index);
            for field in protobuf.fields_of(message.fields) {
                let users = match field.ty {
                    FieldType::Message(id) => uses.of_message.get_mut(id.0 as usize),
                    FieldType::Enum(id) => uses.of_enum.get_mut(id.0 as usize),
                    _ => None,
                };
                if let Some(users) = users.filter(|users| users.last() != Some(&user)) {
                    users.push(user);
                }
            }
        }
        for (index, rpc) in protobuf.rpcs.iter().enumerate() {
            let sides = [(rpc.request, Direction::Request), (rpc.response, Direction::Response)];
            for (message, direction) in sides {
                let list = message.and_then(|id| uses.rpcs.get_mut(id.0 as usize));
                if let Some(list) = list {
                    list.push((RpcId::from(index), direction));
                }
            }
        }
        uses
    }
}

/// Service and method as operations are called: `acme.v1.Pets/GetPet`.
pub(super) fn rpc_name(protobuf: &Protobuf, id: RpcId) -> String {
    let rpc = protobuf.rpc(id);
    format!("{}/{}", protobuf.service(rpc.service).full_name, rpc.name)
}
