//! Names in `PascalCase` and `snake_case`, as `buf` writes them.

/// `FooBar` from `foo_bar`, `fooBar` or `Foo_Bar`.
pub(super) fn pascal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut starts_word = true;
    for letter in name.chars() {
        if is_delimiter(letter) {
            starts_word = true;
        } else {
            // Capitals within a word are kept: `HTTPServer` is fine as it is.
            if starts_word || letter.is_uppercase() {
                out.extend(letter.to_uppercase());
            } else {
                out.extend(letter.to_lowercase());
            }
            starts_word = false;
        }
    }
    out
}

/// `foo_bar` from `fooBar` or `FooBar`.
pub(super) fn lower_snake(name: &str) -> String {
    snake(name).to_lowercase()
}

/// `FOO_BAR` from `fooBar` or `FooBar`.
pub(super) fn upper_snake(name: &str) -> String {
    snake(name).to_uppercase()
}

/// Words with `_` between: a capital starts one if it stands behind a small letter, or before one.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.trim_matches(is_delimiter).chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (index, &letter) in letters.iter().enumerate() {
        let letter = if is_delimiter(letter) { '_' } else { letter };
        let before = index.checked_sub(1).and_then(|index| letters.get(index)).copied();
        let after = letters.get(index + 1).copied();
        let Some(before) = before else {
            out.push(letter);
            continue;
        };
        let ends_word = out.ends_with('_');
        // A digit belongs to the word it stands in.
        let next_is_small = after
            .is_some_and(|after| !after.is_uppercase() && !after.is_ascii_digit() && !is_delimiter(after));
        if letter.is_uppercase() && !ends_word && (next_is_small || before.is_lowercase()) {
            out.push('_');
            out.push(letter);
        } else if !(letter == '_' && ends_word) {
            out.push(letter);
        }
    }
    out
}

fn is_delimiter(letter: char) -> bool {
    matches!(letter, '.' | '-' | '_' | ' ' | '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_in_each_case() {
        let cases = [
            ("fooBar", "FooBar", "foo_bar"),
            ("foo_bar", "FooBar", "foo_bar"),
            ("FooBar", "FooBar", "foo_bar"),
            ("HTTPServer", "HTTPServer", "http_server"),
            ("foo1", "Foo1", "foo1"),
            ("Foo1Bar", "Foo1Bar", "foo1_bar"),
            ("FOO_BAR", "FOOBAR", "foo_bar"),
            ("_foo", "Foo", "foo"),
            ("foo__bar", "FooBar", "foo_bar"),
            ("OAuth2Token", "OAuth2Token", "o_auth2_token"),
            ("V1Beta", "V1Beta", "v1_beta"),
        ];
        for (name, in_pascal, in_snake) in cases {
            assert_eq!(pascal(name), in_pascal, "{name}");
            assert_eq!(lower_snake(name), in_snake, "{name}");
        }
    }
}
