//! The two versions, and which element of one stands for which of the other.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::Graph;
use tenon_graph::protobuf::{
    Enum, EnumId, Field, FieldType, Message, MessageId, ProtoFile, ProtoFileId, Protobuf, Service, ServiceId,
};

use super::reach::Reaches;
use super::report::Here;
use super::select::selects;
use crate::Versions;

/// The two versions.
pub(super) struct Sides<'g> {
    pub(super) old_graph: &'g Graph,
    pub(super) new_graph: &'g Graph,
    pub(super) old: &'g Protobuf,
    pub(super) new: &'g Protobuf,
    /// Old files to new ones with the same path.
    pub(super) files: Vec<Option<ProtoFileId>>,
    /// Old files to the package they have moved to.
    moved: FxHashMap<ProtoFileId, &'g str>,
    messages: Pairs,
    enums: Pairs,
    services: Pairs,
    /// Packages that are in use.
    pub(super) new_packages: FxHashSet<&'g str>,
    pub(super) old_reaches: Reaches<'g>,
    pub(super) new_reaches: Reaches<'g>,
}

/// Which new element stands for which old one, both ways.
#[derive(Default)]
struct Pairs {
    new_of: Vec<Option<u32>>,
    old_of: Vec<Option<u32>>,
}

impl Pairs {
    fn of(old: usize, new: usize, find: impl Fn(usize) -> Option<u32>) -> Self {
        let mut pairs = Self { new_of: vec![None; old], old_of: vec![None; new] };
        for (index, slot) in pairs.new_of.iter_mut().enumerate() {
            *slot = find(index);
            let back = slot.and_then(|found| pairs.old_of.get_mut(found as usize));
            if let Some(back) = back {
                *back = u32::try_from(index).ok();
            }
        }
        pairs
    }

    fn new_of(&self, old: u32) -> Option<u32> {
        self.new_of.get(old as usize).copied().flatten()
    }

    fn old_of(&self, new: u32) -> Option<u32> {
        self.old_of.get(new as usize).copied().flatten()
    }
}

impl<'g> Sides<'g> {
    pub(super) fn new(versions: &Versions<'g>) -> Self {
        let (old, new) = (&versions.old.protobuf, &versions.new.protobuf);
        let by_name: FxHashMap<&str, usize> =
            new.files.iter().enumerate().map(|(index, file)| (&*file.name, index)).collect();
        let files: Vec<Option<ProtoFileId>> = old
            .files
            .iter()
            .map(|file| by_name.get(&*file.name).map(|&index| ProtoFileId::from(index)))
            .collect();
        let mut moved = FxHashMap::default();
        for (index, file) in old.files.iter().enumerate() {
            let paired = files.get(index).copied().flatten().map(|id| new.file(id));
            if let Some(now) = paired.filter(|now| now.package_name() != file.package_name()) {
                moved.insert(ProtoFileId::from(index), now.package_name());
            }
        }
        let mut sides = Self {
            old_graph: versions.old,
            new_graph: versions.new,
            old,
            new,
            files,
            moved,
            messages: Pairs::default(),
            enums: Pairs::default(),
            services: Pairs::default(),
            new_packages: packages(new),
            old_reaches: Reaches::new(old),
            new_reaches: Reaches::new(new),
        };
        sides.pair();
        sides
    }

    fn pair(&mut self) {
        let (old, new) = (self.old, self.new);
        let name = |full_name: &str, file| self.new_name(full_name, file);
        let messages = Pairs::of(old.messages.len(), new.messages.len(), |index| {
            let message = old.messages.get(index)?;
            let found = name(&message.full_name, message.file);
            new.find_message(&message.full_name).or_else(|| new.find_message(&found?)).map(|id| id.0)
        });
        let enums = Pairs::of(old.enums.len(), new.enums.len(), |index| {
            let one = old.enums.get(index)?;
            let found = name(&one.full_name, one.file);
            new.find_enum(&one.full_name).or_else(|| new.find_enum(&found?)).map(|id| id.0)
        });
        let services = Pairs::of(old.services.len(), new.services.len(), |index| {
            let service = old.services.get(index)?;
            let found = name(&service.full_name, service.file);
            new.find_service(&service.full_name).or_else(|| new.find_service(&found?)).map(|id| id.0)
        });
        self.messages = messages;
        self.enums = enums;
        self.services = services;
    }

    /// The name an element has if it has moved with its file to another package.
    pub(super) fn new_name(&self, full_name: &str, file: ProtoFileId) -> Option<String> {
        let package = self.moved.get(&file)?;
        let before = self.old.file(file).package_name();
        let own = match full_name.strip_prefix(before) {
            Some(rest) if before.is_empty() => rest,
            Some(rest) => rest.strip_prefix('.')?,
            None => return None,
        };
        Some(if package.is_empty() { own.to_owned() } else { format!("{package}.{own}") })
    }

    /// Whether a file has moved to another package.
    pub(super) fn has_moved(&self, file: ProtoFileId) -> bool {
        self.moved.contains_key(&file)
    }

    pub(super) fn new_message(&self, old: MessageId) -> Option<MessageId> {
        self.messages.new_of(old.0).map(MessageId)
    }

    pub(super) fn old_message(&self, new: MessageId) -> Option<MessageId> {
        self.messages.old_of(new.0).map(MessageId)
    }

    pub(super) fn new_enum(&self, old: EnumId) -> Option<EnumId> {
        self.enums.new_of(old.0).map(EnumId)
    }

    pub(super) fn old_enum(&self, new: EnumId) -> Option<EnumId> {
        self.enums.old_of(new.0).map(EnumId)
    }

    pub(super) fn new_service(&self, old: ServiceId) -> Option<ServiceId> {
        self.services.new_of(old.0).map(ServiceId)
    }

    pub(super) fn old_service(&self, new: ServiceId) -> Option<ServiceId> {
        self.services.old_of(new.0).map(ServiceId)
    }

    pub(super) fn new_file(&self, old: ProtoFileId) -> Option<ProtoFileId> {
        self.files.get(old.0 as usize).copied().flatten()
    }

    /// Where a file of the old version starts to speak now; `None` if it is gone.
    pub(super) fn file_head(&self, old: ProtoFileId) -> Option<Here<'g>> {
        let id = self.new_file(old)?;
        let file = self.new.file(id);
        let span = file.package_span.or(file.syntax_span).unwrap_or_default();
        Some(Here::bytes(self.new_graph, self.new, id, span))
    }

    /// Whether what a file held is gone with it: with a package that is no more, or with the file
    /// itself, where its path is promised. Then that is told, and not what was in it.
    pub(super) fn is_gone_with(&self, file: ProtoFileId) -> bool {
        let old = self.old.file(file);
        if !self.new_packages.contains(old.package_name()) {
            return true;
        }
        let path = self.old_graph.sources.get(old.source).map(|source| source.path.as_str());
        self.new_file(file).is_none()
            && path.is_some_and(|path| selects(&self.new_graph.buf_modules, "FILE_NO_DELETE", path))
    }

    /// Whether two types are the same: scalars equal, messages and enums paired.
    pub(super) fn is_same_type(&self, old: FieldType, new: FieldType) -> bool {
        match (old, new) {
            (FieldType::Message(old), FieldType::Message(new)) => self.new_message(old) == Some(new),
            (FieldType::Enum(old), FieldType::Enum(new)) => self.new_enum(old) == Some(new),
            _ => old == new,
        }
    }

    /// Every message of the old version that is written, with its id.
    pub(super) fn old_messages(&self) -> impl Iterator<Item = (MessageId, &'g Message)> {
        written(self.old, &self.old.messages, |message| message.file)
            .filter(|(_, message)| !message.is_map_entry())
            .map(|(index, message)| (MessageId::from(index), message))
    }

    /// Every message of the new version that is written, with its id.
    pub(super) fn new_messages(&self) -> impl Iterator<Item = (MessageId, &'g Message)> {
        written(self.new, &self.new.messages, |message| message.file)
            .filter(|(_, message)| !message.is_map_entry())
            .map(|(index, message)| (MessageId::from(index), message))
    }

    pub(super) fn old_enums(&self) -> impl Iterator<Item = (EnumId, &'g Enum)> {
        written(self.old, &self.old.enums, |one| one.file).map(|(index, one)| (EnumId::from(index), one))
    }

    pub(super) fn new_enums(&self) -> impl Iterator<Item = (EnumId, &'g Enum)> {
        written(self.new, &self.new.enums, |one| one.file).map(|(index, one)| (EnumId::from(index), one))
    }

    pub(super) fn old_services(&self) -> impl Iterator<Item = (ServiceId, &'g Service)> {
        written(self.old, &self.old.services, |service| service.file)
            .map(|(index, service)| (ServiceId::from(index), service))
    }

    pub(super) fn new_services(&self) -> impl Iterator<Item = (ServiceId, &'g Service)> {
        written(self.new, &self.new.services, |service| service.file)
            .map(|(index, service)| (ServiceId::from(index), service))
    }

    pub(super) fn old_extensions(&self) -> impl Iterator<Item = &'g Field> {
        written(self.old, &self.old.fields, |field| field.file)
            .map(|(_, field)| field)
            .filter(|field| field.is_extension)
    }

    pub(super) fn new_extensions(&self) -> impl Iterator<Item = &'g Field> {
        written(self.new, &self.new.fields, |field| field.file)
            .map(|(_, field)| field)
            .filter(|field| field.is_extension)
    }

    /// The files of the old version that are no well-known ones, with those in their place.
    pub(super) fn old_files(
        &self,
    ) -> impl Iterator<Item = (ProtoFileId, &'g ProtoFile, Option<&'g ProtoFile>)> {
        let new = self.new;
        self.old
            .files
            .iter()
            .zip(&self.files)
            .enumerate()
            .filter(|(_, (file, _))| !file.is_bundled)
            .map(move |(index, (file, now))| (ProtoFileId::from(index), file, now.map(|id| new.file(id))))
    }
}

/// Elements that stand in a file of the user's.
fn written<'g, T>(
    protobuf: &'g Protobuf,
    list: &'g [T],
    file: fn(&T) -> ProtoFileId,
) -> impl Iterator<Item = (usize, &'g T)> {
    list.iter().enumerate().filter(move |(_, element)| !protobuf.file(file(element)).is_bundled)
}

fn packages(protobuf: &Protobuf) -> FxHashSet<&str> {
    protobuf.files.iter().filter(|file| !file.is_bundled).map(ProtoFile::package_name).collect()
}
