//! Which RPCs a message or enum reaches, and who sends it there.

use std::rc::Rc;
use std::sync::OnceLock;

use tenon_graph::groups;
use tenon_graph::protobuf::{EnumId, FieldType, MessageId, Protobuf, RpcId};

use crate::change::OPERATIONS_NAMED_MAX;
use crate::{Direction, Reach};

/// Who uses what, in one version; worked out at the first question, for all elements at once.
pub(super) struct Reaches<'g> {
    protobuf: &'g Protobuf,
    known: OnceLock<Known>,
}

impl<'g> Reaches<'g> {
    pub(super) fn new(protobuf: &'g Protobuf) -> Self {
        Self { protobuf, known: OnceLock::new() }
    }

    /// The RPCs a message reaches; `None` where it reaches none.
    pub(super) fn of_message(&self, id: MessageId) -> Option<(Reach, Direction)> {
        self.of(id.0 as usize)
    }

    /// The RPCs an enum reaches.
    pub(super) fn of_enum(&self, id: EnumId) -> Option<(Reach, Direction)> {
        self.of(self.protobuf.messages.len() + id.0 as usize)
    }

    fn of(&self, node: usize) -> Option<(Reach, Direction)> {
        let known = self.known.get_or_init(|| Known::of(self.protobuf));
        let group = *known.group.get(node)?;
        let found = known.reached.get(group as usize)?.as_ref()?;
        let names = found.first.iter().filter_map(|&rank| known.names.get(rank as usize).cloned());
        Some((Reach { count: found.count, names: names.collect() }, found.direction))
    }
}

/// What each group of messages and enums that use each other reaches. Messages come first, then
/// enums.
struct Known {
    group: Vec<u32>,
    reached: Vec<Option<Reached>>,
    /// Names of RPCs, each once, sorted.
    names: Vec<String>,
}

struct Reached {
    count: usize,
    /// The first RPCs by name.
    first: Vec<u32>,
    direction: Direction,
}

/// RPCs by their rank among all names, sorted.
type Ranks = Rc<Vec<u32>>;

impl Known {
    fn of(protobuf: &Protobuf) -> Self {
        let users = users(protobuf);
        let (names, own) = own(protobuf, users.len());
        let lead = |node: usize, place: usize| {
            users.get(node).and_then(|users| users.get(place)).map(|&user| user as usize)
        };
        let (group, count) = groups(users.len(), lead);
        let of = |node: usize| group.get(node).map_or(0, |group| *group as usize);
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
        // How many groups are still to ask for what a group reaches.
        let mut waiting = vec![0_usize; count];
        let mut above: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (node, users) in users.iter().enumerate() {
            if let Some(members) = members.get_mut(of(node)) {
                members.push(node);
            }
            if let Some(above) = above.get_mut(of(node)) {
                let others = users.iter().map(|&user| of(user as usize));
                above.extend(others.filter(|user| *user != of(node)));
            }
        }
        for above in &mut above {
            above.sort_unstable();
            above.dedup();
            for &user in above.iter() {
                if let Some(count) = waiting.get_mut(user) {
                    *count += 1;
                }
            }
        }
        let mut sets: Vec<Ranks> = vec![Ranks::default(); count];
        let mut reached: Vec<Option<Reached>> = Vec::with_capacity(count);
        // A group comes after those that use it.
        for (index, above) in above.iter().enumerate() {
            let mut parts: Vec<Ranks> = Vec::new();
            let mut direction: Option<Direction> = None;
            for &user in above {
                let Some((set, left)) = sets.get_mut(user).zip(waiting.get_mut(user)) else { continue };
                *left -= 1;
                // What nobody asks for any more is not kept.
                parts.push(if *left == 0 { std::mem::take(set) } else { Rc::clone(set) });
                let of_user = reached.get(user).and_then(Option::as_ref).map(|found| found.direction);
                direction = join(direction, of_user);
            }
            let mut added: Vec<u32> = Vec::new();
            for &(rank, of_rpc) in
                members.get(index).into_iter().flatten().filter_map(|&node| own.get(node)).flatten()
            {
                added.push(rank);
                direction = join(direction, Some(of_rpc));
            }
            let set = merged(parts, added);
            let first = set.iter().take(OPERATIONS_NAMED_MAX).copied().collect();
            reached.push(direction.map(|direction| Reached { count: set.len(), first, direction }));
            if let Some(slot) = sets.get_mut(index).filter(|_| waiting.get(index) != Some(&0)) {
                *slot = set;
            }
        }
        Self { group, reached, names }
    }
}

fn join(one: Option<Direction>, other: Option<Direction>) -> Option<Direction> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.and(other)),
        (one, other) => one.or(other),
    }
}

/// All ranks of some lists, each once, sorted. A list that stands alone is shared or taken over.
fn merged(mut parts: Vec<Ranks>, mut added: Vec<u32>) -> Ranks {
    parts.retain(|part| !part.is_empty());
    added.sort_unstable();
    added.dedup();
    if let [_] = parts.as_slice()
        && let Some(mut only) = parts.pop()
    {
        added.retain(|rank| only.binary_search(rank).is_err());
        if !added.is_empty() {
            let list = Rc::make_mut(&mut only);
            list.append(&mut added);
            // Two sorted runs: the sort finds them and merges them.
            list.sort();
        }
        return only;
    }
    added.extend(parts.iter().flat_map(|part| part.iter().copied()));
    added.sort();
    added.dedup();
    Rc::new(added)
}

/// The messages with a field of each message or enum, each once in a row.
fn users(protobuf: &Protobuf) -> Vec<Vec<u32>> {
    let enums = protobuf.messages.len();
    let mut users: Vec<Vec<u32>> = vec![Vec::new(); enums + protobuf.enums.len()];
    for (index, message) in protobuf.messages.iter().enumerate() {
        let user = MessageId::from(index).0;
        for field in protobuf.fields_of(message.fields) {
            let users = match field.ty {
                FieldType::Message(id) => users.get_mut(id.0 as usize),
                FieldType::Enum(id) => users.get_mut(enums + id.0 as usize),
                _ => None,
            };
            if let Some(users) = users.filter(|users| users.last() != Some(&user)) {
                users.push(user);
            }
        }
    }
    users
}

/// What an RPC is told by: its rank among the names, and who sends the message.
type Own = Vec<Vec<(u32, Direction)>>;

/// The names of RPCs, each once, sorted; and of each element, the RPCs it is sent to or comes from.
fn own(protobuf: &Protobuf, count: usize) -> (Vec<String>, Own) {
    let called: Vec<String> =
        (0..protobuf.rpcs.len()).map(|index| rpc_name(protobuf, RpcId::from(index))).collect();
    let mut names = called.clone();
    names.sort();
    names.dedup();
    let mut own: Own = vec![Vec::new(); count];
    for (rpc, name) in protobuf.rpcs.iter().zip(&called) {
        let rank = names.binary_search(name).ok().and_then(|rank| u32::try_from(rank).ok());
        let sides = [(rpc.request, Direction::Request), (rpc.response, Direction::Response)];
        for (message, direction) in sides {
            let list = message.and_then(|id| own.get_mut(id.0 as usize));
            if let Some((list, rank)) = list.zip(rank) {
                list.push((rank, direction));
            }
        }
    }
    (names, own)
}

/// Service and method as operations are called: `acme.v1.Pets/GetPet`.
pub(super) fn rpc_name(protobuf: &Protobuf, id: RpcId) -> String {
    let rpc = protobuf.rpc(id);
    format!("{}/{}", protobuf.service(rpc.service).full_name, rpc.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks(list: &[u32]) -> Ranks {
        Rc::new(list.to_vec())
    }

    #[test]
    fn lists_of_rpcs_are_merged_sorted_each_once() {
        assert_eq!(*merged(vec![], vec![3, 1, 3]), [1, 3]);
        assert_eq!(*merged(vec![ranks(&[2, 5])], vec![5, 4, 1]), [1, 2, 4, 5]);
        assert_eq!(*merged(vec![ranks(&[2, 5]), ranks(&[]), ranks(&[1, 5])], vec![9]), [1, 2, 5, 9]);
    }

    #[test]
    fn a_list_that_nothing_is_added_to_is_shared() {
        let list = ranks(&[1, 2]);
        assert!(Rc::ptr_eq(&list, &merged(vec![Rc::clone(&list)], vec![2])));
    }
}
