//! What each file sees of the others, and names looked up the way the language does it: from the
//! innermost scope outwards.

use tenon_graph::protobuf::{ImportKind, ProtoFile, ProtoFileId, Symbol, Symbols};

/// What one file sees: itself, what it imports, and what that imports publicly.
#[derive(Debug, Default)]
pub(super) struct Visible {
    /// Files, sorted, each with the place of the import it comes by.
    files: Vec<(ProtoFileId, Option<u32>)>,
    /// Files that are seen by options only, likewise.
    option_files: Vec<(ProtoFileId, Option<u32>)>,
    /// Packages of all these files, each once.
    packages: Vec<Box<str>>,
}

/// What a name leads to.
pub(super) enum Found {
    /// An element of a file that is seen; with the place of the import it comes by.
    Seen(Symbol, Option<u32>),
    /// An element of a file that is not seen.
    Hidden(ProtoFileId),
    /// Its first part is an element, which has no such member: the full name that was looked for.
    Inner(String),
    /// Nothing.
    Nothing,
}

/// Which elements are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Messages and enums.
    Types,
    /// Extensions.
    Extensions,
}

impl Visible {
    /// What a file sees.
    pub(super) fn of(id: ProtoFileId, files: &[ProtoFile]) -> Self {
        let mut visible = Self { files: vec![(id, None)], ..Self::default() };
        let imports = files.get(id.0 as usize).map(|file| file.imports.as_slice()).unwrap_or_default();
        for (place, import) in imports.iter().enumerate() {
            let Some(first) = import.file else { continue };
            let place = u32::try_from(place).ok();
            let list = if import.kind == ImportKind::Option {
                &mut visible.option_files
            } else {
                &mut visible.files
            };
            let mut open = vec![first];
            while let Some(next) = open.pop() {
                if list.iter().any(|(seen, _)| *seen == next) {
                    continue;
                }
                list.push((next, place));
                let imports = files.get(next.0 as usize).map(|file| file.imports.as_slice());
                let public = imports.unwrap_or_default().iter();
                open.extend(
                    public
                        .filter(|import| import.kind == ImportKind::Public)
                        .filter_map(|import| import.file),
                );
            }
        }
        visible.files.sort_unstable();
        visible.option_files.sort_unstable();
        for (file, _) in visible.files.iter().chain(&visible.option_files) {
            let Some(file) = files.get(file.0 as usize) else { continue };
            let package = file.package_name();
            if !package.is_empty() && !visible.packages.iter().any(|known| &**known == package) {
                visible.packages.push(package.into());
            }
        }
        visible
    }

    /// Whether a file is seen, and by which import.
    fn sees(&self, file: ProtoFileId, wanted: Wanted) -> Option<Option<u32>> {
        let find = |list: &[(ProtoFileId, Option<u32>)]| {
            let index = list.binary_search_by_key(&file, |(seen, _)| *seen).ok()?;
            list.get(index).map(|(_, place)| *place)
        };
        find(&self.files)
            .or_else(|| if wanted == Wanted::Extensions { find(&self.option_files) } else { None })
    }

    fn has_package(&self, name: &str) -> bool {
        self.packages.iter().any(|package| {
            package.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Looks a name up from a scope: the full name of a message, or a package.
    pub(super) fn look_up(&self, symbols: &Symbols, scope: &str, name: &str, wanted: Wanted) -> Found {
        let mut hidden = None;
        if let Some(full) = name.strip_prefix('.') {
            return match symbols.entry(full) {
                Some(entry) => self.seen(symbols, full, entry, wanted),
                None => Found::Nothing,
            };
        }
        let first = name.split_once('.').map_or(name, |(first, _)| first);
        let mut scope = scope;
        let mut full = String::with_capacity(scope.len() + name.len() + 1);
        loop {
            full.clear();
            full.push_str(scope);
            if !scope.is_empty() {
                full.push('.');
            }
            let prefix = full.len();
            full.push_str(first);
            if let Some(entry) = symbols.entry(&full) {
                let (symbol, _) = entry;
                if first.len() == name.len() {
                    if fits(symbol, wanted) {
                        match self.seen(symbols, &full, entry, wanted) {
                            Found::Hidden(file) => drop(hidden.get_or_insert(file)),
                            found => return found,
                        }
                    }
                } else if self.is_aggregate(symbols, entry, &full, wanted) {
                    full.truncate(prefix);
                    full.push_str(name);
                    return match symbols.entry(&full) {
                        Some(entry) => self.seen(symbols, &full, entry, wanted),
                        None => Found::Inner(full),
                    };
                }
            }
            if scope.is_empty() {
                return hidden.map_or(Found::Nothing, Found::Hidden);
            }
            scope = scope.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
    }

    /// The first element of a name that this file sees.
    fn seen(
        &self,
        symbols: &Symbols,
        full_name: &str,
        first: (Symbol, ProtoFileId),
        wanted: Wanted,
    ) -> Found {
        if first.0 == Symbol::Package {
            return Found::Seen(first.0, None);
        }
        let all = std::iter::once(&first).chain(symbols.further(full_name));
        let mut seen = all.filter_map(|&(symbol, file)| Some((symbol, self.sees(file, wanted)?)));
        seen.next().map_or(Found::Hidden(first.1), |(symbol, place)| Found::Seen(symbol, place))
    }

    /// Whether the first part of a longer name settles what the name means.
    fn is_aggregate(
        &self,
        symbols: &Symbols,
        first: (Symbol, ProtoFileId),
        full_name: &str,
        wanted: Wanted,
    ) -> bool {
        let mut all = std::iter::once(&first).chain(symbols.further(full_name));
        all.any(|&(symbol, file)| match symbol {
            Symbol::Package => self.has_package(full_name),
            Symbol::Message(_) | Symbol::Enum(_) | Symbol::Service(_) => self.sees(file, wanted).is_some(),
            Symbol::Extension(_) | Symbol::Value(_) => false,
        })
    }
}

/// Whether a name of one part stops at a symbol.
fn fits(symbol: Symbol, wanted: Wanted) -> bool {
    match wanted {
        Wanted::Types => matches!(symbol, Symbol::Message(_) | Symbol::Enum(_)),
        Wanted::Extensions => symbol != Symbol::Package,
    }
}
