//! URLs as Go parses them, as far as it refuses some (`Parse`, net/url of Go 1.26).

use alloc::string::String;
use alloc::vec::Vec;

use super::values;

/// The scheme of a URL, in lower case; `None` where there is none, or Go does not parse the rest.
pub fn scheme(url: &str) -> Option<String> {
    let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (scheme, rest) = url.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|c| c.is_ascii_alphanumeric() || b"+-.".contains(&c));
    let path = rest.split_once('?').map_or(rest, |(path, _)| path);
    let fine = match path.strip_prefix("//") {
        Some(path) => {
            let (authority, path) = path.split_at(path.find('/').unwrap_or(path.len()));
            is_authority(authority) && unescaped(path).is_some()
        }
        None => !path.starts_with('/') || unescaped(path).is_some(),
    };
    let has_controls = url.bytes().any(|c| c.is_ascii_control());
    (is_scheme && fine && !has_controls && unescaped(fragment).is_some()).then(|| scheme.to_ascii_lowercase())
}

/// `parseAuthority`
fn is_authority(authority: &str) -> bool {
    match authority.rsplit_once('@') {
        Some((user, host)) => is_user(user) && is_host(host),
        None => is_host(authority),
    }
}

/// `validUserinfo`
fn is_user(user: &str) -> bool {
    let known = |c: u8| c.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&c);
    user.bytes().all(known) && unescaped(user).is_some()
}

/// `parseHost`
fn is_host(host: &str) -> bool {
    if host.rfind('[').is_some_and(|at| at > 0) {
        return false;
    }
    if let Some(literal) = host.strip_prefix('[') {
        let Some((literal, port)) = literal.rsplit_once(']') else { return false };
        return is_optional_port(port) && is_ipv6(literal);
    }
    let port = host.rfind(':').map_or("", |colon| &host[colon..]);
    is_optional_port(port) && host_bytes(host).is_some()
}

/// `validOptionalPort`
fn is_optional_port(port: &str) -> bool {
    port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|c| c.is_ascii_digit()))
}

/// An address between brackets, and after `%25` a zone (RFC 6874).
fn is_ipv6(literal: &str) -> bool {
    let address = values::cut(literal, "%25").map_or(literal, |(address, _)| address);
    let zone = &literal[address.len()..];
    // What is not UTF-8 is no address with what stands for it, either.
    let is_address = host_bytes(address).is_some_and(|bytes| values::is_ipv6(&values::text(&bytes)));
    let fine = |(byte, escaped): &(u8, bool)| match (byte, escaped) {
        (b' ' | b'%', true) => true,
        (byte, escaped) => is_host_byte(*byte) || !escaped && !byte.is_ascii(),
    };
    // The percent sign alone begins a zone without a name.
    is_address && unescaped(zone).is_some_and(|zone| zone.len() != 1 && zone.iter().all(fine))
}

/// The bytes of a host, in which only what is not ASCII may be escaped, and a percent sign.
fn host_bytes(host: &str) -> Option<Vec<u8>> {
    let fine = |(byte, escaped): &(u8, bool)| match byte {
        b'%' => *escaped,
        byte if byte.is_ascii() => !escaped && is_host_byte(*byte),
        _ => true,
    };
    let bytes = unescaped(host)?;
    bytes.iter().all(fine).then(|| bytes.into_iter().map(|(byte, _)| byte).collect())
}

/// What need not be escaped in a host.
fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"".contains(&byte)
}

/// The bytes of a text, each with whether it was escaped; `None` where an escape is broken (`unescape`).
fn unescaped(text: &str) -> Option<Vec<(u8, bool)>> {
    let mut rest = text.as_bytes();
    let mut bytes = vec![];
    while let Some((&byte, after)) = rest.split_first() {
        if byte != b'%' {
            bytes.push((byte, false));
            rest = after;
            continue;
        }
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        bytes.push(((digit(0)? << 4 | digit(1)?) as u8, true));
        rest = &after[2..];
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Go says so to each of them.
    #[test]
    fn urls_are_those_that_go_parses() {
        for url in [
            "dns://localhost:4317",
            "dns:///x",
            "DNS://8.8.8.8/x:1",
            "unix:///run/otel.sock",
            "unix:a//b%zz",
            "dns://",
            "dns://:",
            "dns://u:p@h:1/p?q=%zz#f",
            "dns://[::1]:4317",
            "dns://[fe80::1%25en0]",
            "dns://[fe80::1%25e%20n]",
            "dns://h%c3%bc/",
            "dns://h%25/",
            "dns://a:b:1",
            "dns://h\u{fc}",
            "dns://h\"<>",
            "dns://h#\u{7f}",
        ] {
            assert!(scheme(url).is_some(), "{url}");
        }
        for url in [
            "dns://localhost:port",
            "dns://h:1:x",
            "dns://h%41",
            "dns://h h",
            "dns://h/%zz",
            "dns://h/%4",
            "dns://h#%",
            "dns://h/\u{7f}",
            "dns://[::1",
            "dns://[1.2.3.4]",
            "dns://[::1]x",
            "dns://[::1%25]",
            "dns://[x]",
            "dns://h[::1]",
            "dns://[fe80::1%25[]",
            "dns://u\u{fc}@h",
            "dns://u%4@h",
            "dns:/%",
        ] {
            assert_eq!(scheme(url), None, "{url}");
        }
        assert_eq!(["1dns://h", "://h", "a//b:c"].map(scheme), [None, None, None]);
    }
}
