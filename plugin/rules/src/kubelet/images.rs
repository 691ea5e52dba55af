//! The patterns of `preloadedImagesVerificationAllowlist` (pkg/kubelet/images/pullmanager/image_pull_policies.go).

/// How long the path of an image's name may be (`RepositoryNameTotalLengthMax`, github.com/distribution/reference).
const LONGEST_PATH: usize = 255;

/// `getAllowlistImagePattern`: an image without tag and digest, or anything that ends in `/*`.
pub fn is_pattern(pattern: &str) -> bool {
    let trimmed = pattern.trim() == pattern;
    match pattern.strip_suffix("/*") {
        Some(start) => trimmed && !start.is_empty() && !start.contains('*'),
        None => is_name(pattern),
    }
}

/// The name of an image (github.com/distribution/reference, regexp.go): a registry, perhaps, and a path.
fn is_name(name: &str) -> bool {
    let path = name.split_once('/').filter(|(domain, _)| is_domain(domain)).map_or(name, |(_, path)| path);
    path.len() <= LONGEST_PATH && path.split('/').all(is_path_component)
}

/// `domainAndPort`
fn is_domain(domain: &str) -> bool {
    let host = match domain.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|c| c.is_ascii_digit()) => host,
        _ => domain,
    };
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => !address.is_empty() && address.bytes().all(|c| c.is_ascii_hexdigit() || c == b':'),
        None => host.split('.').all(is_domain_component),
    }
}

fn is_domain_component(component: &str) -> bool {
    let is_end = |c: char| c.is_ascii_alphanumeric();
    component.starts_with(is_end)
        && component.ends_with(is_end)
        && component.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
}

/// `pathComponent`: words of letters and digits, parted by a dot, one or two underscores, or dashes.
fn is_path_component(component: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_separator = |text: &str| matches!(text, "" | "." | "_" | "__") || text.bytes().all(|c| c == b'-');
    component.starts_with(is_word) && component.ends_with(is_word) && component.split(is_word).all(is_separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_names_or_end_in_a_wildcard() {
        for pattern in [
            "alpine",
            "library/alpine",
            "registry.k8s.io/pause",
            "localhost:5000/a/b",
            "[fd00::1]:5000/a",
            "a__b/c--d.e_f",
            "Example.COM/a",
            "registry.k8s.io/*",
            "any thing/*",
            "a:b/*",
        ] {
            assert!(is_pattern(pattern), "{pattern}");
        }
        for pattern in [
            "",
            "*",
            "/*",
            "a*/*",
            " a",
            " a/*",
            "alpine:3",
            "localhost:5000",
            "a@sha256:0123456789012345678901234567890123456789012345678901234567890123",
            "Alpine",
            "a/B",
            "a//b",
            "a/",
            "-a",
            "a___b",
            "a..b",
            "h:x/a",
            "a b",
            "\u{fc}",
        ] {
            assert!(!is_pattern(pattern), "{pattern}");
        }
    }
}
