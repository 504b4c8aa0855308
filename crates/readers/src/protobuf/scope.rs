//! What each file sees of the others, and names looked up the way the language does it: from the
//! innermost scope outwards.

use tenon_graph::protobuf::{ImportKind, ProtoFile, ProtoFileId, Symbol, Symbols};

use super::public::Public;

/// What one file sees: itself, what it imports, and what that imports publicly.
#[derive(Debug)]
pub(super) struct Visible<'p> {
    public: &'p Public,
    own: ProtoFileId,
    imports: Seen,
    /// What is imported for options only.
    option_imports: Seen,
    /// Packages of this file and of those it imports itself, sorted.
    packages: Vec<Box<str>>,
}

/// Files that are imported, with the places of the imports.
#[derive(Debug, Default)]
struct Seen {
    /// Sorted, each with the first import of it.
    direct: Vec<(ProtoFileId, u32)>,
    /// Those that pass others on, in the order of the imports.
    public: Vec<(ProtoFileId, u32)>,
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

impl Seen {
    /// The first import that a file is seen by.
    fn place(&self, file: ProtoFileId, public: &Public) -> Option<u32> {
        let index = self.direct.binary_search_by_key(&file, |(seen, _)| *seen).ok();
        let direct = index.and_then(|index| self.direct.get(index)).map(|(_, place)| *place);
        let passed_on = self.public.iter().find(|(first, _)| public.leads(*first, file));
        let passed_on = passed_on.map(|(_, place)| *place);
        direct.into_iter().chain(passed_on).min()
    }
}

impl<'p> Visible<'p> {
    /// What a file sees.
    pub(super) fn of(own: ProtoFileId, files: &[ProtoFile], public: &'p Public) -> Self {
        let (mut imports, mut option_imports) = (Seen::default(), Seen::default());
        let mut packages: Vec<Box<str>> = Vec::new();
        let package_of = |id: ProtoFileId| files.get(id.0 as usize).map(|file| file.package_name().into());
        packages.extend(package_of(own));
        let all = files.get(own.0 as usize).map(|file| file.imports.as_slice()).unwrap_or_default();
        for (place, import) in (0u32..).zip(all) {
            let Some(first) = import.file else { continue };
            let list = if import.kind == ImportKind::Option { &mut option_imports } else { &mut imports };
            list.direct.push((first, place));
            if public.passes_on(first) {
                list.public.push((first, place));
            }
            packages.extend(package_of(first));
        }
        for list in [&mut imports, &mut option_imports] {
            list.direct.sort_unstable();
            list.direct.dedup_by_key(|(file, _)| *file);
        }
        packages.sort_unstable();
        packages.dedup();
        Self { public, own, imports, option_imports, packages }
    }

    /// Whether a file is seen, and by which import.
    fn sees(&self, file: ProtoFileId, wanted: Wanted) -> Option<Option<u32>> {
        if file == self.own {
            return Some(None);
        }
        let by_option = || match wanted {
            Wanted::Types => None,
            Wanted::Extensions => self.option_imports.place(file, self.public),
        };
        self.imports.place(file, self.public).or_else(by_option).map(Some)
    }

    fn has_package(&self, name: &str) -> bool {
        // A dot sorts before all that a name can go on with.
        let next = self.packages.partition_point(|package| &**package < name);
        let own = self.packages.get(next).and_then(|package| package.strip_prefix(name));
        let mut passing = self.imports.public.iter().chain(&self.option_imports.public);
        own.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            || passing.any(|(first, _)| self.public.leads_to_package(*first, name))
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
                } else {
                    // No file that is seen has this package; another one may.
                    full.truncate(prefix);
                    full.push_str(name);
                    if let Some((symbol, file)) = symbols.entry(&full)
                        && fits(symbol, wanted)
                    {
                        hidden.get_or_insert(file);
                    }
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
