use alloc::string::String;

use super::{apply, set};
use crate::text::{read, read_json};

/// The text with a value at a path, such as `a.b.c`; none where no edit is known.
fn edited(text: &str, path: &str, value: &str) -> Option<String> {
    let keys: Vec<&str> = path.split('.').collect();
    let value = read_json(value.as_bytes()).unwrap();
    let splices = set(text.as_bytes(), &read(text.as_bytes()).unwrap(), &keys, &value.root.value, None, true)?;
    Some(String::from_utf8(apply(text.as_bytes(), &splices)).unwrap())
}

/// What becomes of texts, each at the path `a.b` (or another one behind `@`), with the value `false`.
#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(edited(text, "a.b", "false").as_deref(), Some(expected), "{text}");
}

#[test]
fn a_value_is_replaced_where_it_stands() {
    for (text, expected) in [
        ("{\"a\":{\"b\":true}}", "{\"a\":{\"b\":false}}"),
        (
            "{\r\n\t\"a\" : { \"b\" : true , \"c\": [1, 2] }\r\n}",
            "{\r\n\t\"a\" : { \"b\" : false , \"c\": [1, 2] }\r\n}",
        ),
        ("a:\n  b: true   # why\nc: 1\n", "a:\n  b: false   # why\nc: 1\n"),
        ("a:\n  b: yes", "a:\n  b: false"),
        ("'a': {\"b\": true, c: 1}\n", "'a': {\"b\": false, c: 1}\n"),
        ("a:\n  b: !!bool 'true'\n", "a:\n  b: false\n"),
        ("a:\n  b:\n    true # c\n", "a:\n  b:\n    false # c\n"),
        ("a:\n  b: # nothing\nc: 1\n", "a:\n  b: false # nothing\nc: 1\n"),
        ("a:\n  b:\n", "a:\n  b: false\n"),
        ("a: {b: , c: 1}\n", "a: {b: false , c: 1}\n"),
        ("a: {b, c: 1}\n", "a: {b: false, c: 1}\n"),
        ("a:\n  b: ~\n", "a:\n  b: false\n"),
        ("? a\n: b: true\n", "? a\n: b: false\n"),
        ("{\"a\": {\"b\": null}}", "{\"a\": {\"b\": false}}"),
        ("a:\n  b: |- # why\n    x\n    y\nc: 1\n", "a:\n  b: false # why\nc: 1\n"),
        ("a:\n  b: >+\n    x\n\n\nc: 1\n", "a:\n  b: false\n\n\nc: 1\n"),
        ("a:\n  b: true\n---\na: {b: true}\n", "a:\n  b: false\n---\na: {b: true}\n"),
        ("\u{feff}a:\n  b: true\n", "\u{feff}a:\n  b: false\n"),
        // The last of two counts.
        ("{\"a\":{\"b\":1,\"b\":2}}", "{\"a\":{\"b\":1,\"b\":false}}"),
        ("a: {b: 1}\na: {b: 2}\n", "a: {b: 1}\na: {b: false}\n"),
    ] {
        becomes(text, expected);
    }
}

#[test]
fn a_key_is_added_where_there_is_none() {
    for (text, expected) in [
        ("a:\n  c: 1 # c\nd: 2\n", "a:\n  c: 1 # c\n  b: false\nd: 2\n"),
        ("a:\n  c: 1", "a:\n  c: 1\n  b: false"),
        ("a:\r\n    c: 1\r\n", "a:\r\n    c: 1\r\n    b: false\r\n"),
        ("x:\n    y: 1\n", "x:\n    y: 1\na:\n    b: false\n"),
        ("x: 1\n...\n", "x: 1\na:\n  b: false\n...\n"),
        ("# c\n---\nx: 1\n\n# end\n", "# c\n---\nx: 1\na:\n  b: false\n\n# end\n"),
        ("a:\nx: 1\n", "a:\n  b: false\nx: 1\n"),
        ("a: # c\nx: 1\n", "a: # c\n  b: false\nx: 1\n"),
        ("a: ~ # c\n", "a: {b: false} # c\n"),
        ("a: {}\n", "a: {b: false}\n"),
        ("a: { }\n", "a: {b: false}\n"),
        ("a: {c: 1}\n", "a: {c: 1, b: false}\n"),
        ("a: {c: 1,}\n", "a: {c: 1, b: false}\n"),
        ("a: {\n    c: 1, # c\n    d: 2 # d\n  }\n", "a: {\n    c: 1, # c\n    d: 2, # d\n    b: false\n  }\n"),
        ("a: {c: 1 # c\n  }\n", "a: {c: 1, # c\n b: false\n  }\n"),
        ("  x: 1\n  y: |+\n    z\n\n", "  a:\n    b: false\n  x: 1\n  y: |+\n    z\n\n"),
        ("{\"x\":1}", "{\"x\":1,\"a\":{\"b\":false}}"),
        ("{\"x\": 1, \"a\": {}}", "{\"x\": 1, \"a\": {\"b\": false}}"),
        ("{\"x\": 1, \"a\": null}", "{\"x\": 1, \"a\": {\"b\": false}}"),
        ("{\n\t\"x\": 1\n}\n", "{\n\t\"x\": 1,\n\t\"a\": {\n\t\t\"b\": false\n\t}\n}\n"),
        ("{\r\n  \"x\": 1,\r\n  \"a\": {}\r\n}", "{\r\n  \"x\": 1,\r\n  \"a\": {\r\n    \"b\": false\r\n  }\r\n}"),
        ("{\n    \"a\": {\n    }\n}", "{\n    \"a\": {\n        \"b\": false\n    }\n}"),
        ("{\n \"a\": null\n}", "{\n \"a\": {\n  \"b\": false\n }\n}"),
        ("--- {\"x\": 1}\n", "--- {\"x\": 1, \"a\": {\"b\": false}}\n"),
    ] {
        becomes(text, expected);
    }
}

/// Whatever else is read from an anchor stays as it is.
#[test]
fn what_is_shared_gets_a_value_of_its_own() {
    for (text, expected) in [
        ("x: &v true\na:\n  b: *v\n", "x: &v true\na:\n  b: false\n"),
        ("a:\n  b: &v true # c\nx: *v\ny: *v\n", "a:\n  b: &v false # c\nx: true\ny: true\n"),
        ("x: &v {b: true, c: 1}\na: *v\n", "x: &v {b: true, c: 1}\na: {b: false, c: 1}\n"),
        ("a: &v\n  b: true\n  c: 1\nx: *v\n", "a: &v\n  b: false\n  c: 1\nx: {b: true, c: 1}\n"),
        (
            "x: &v {b: true, d: 1}\na:\n  <<: *v # v\n  c: 1\n",
            "x: &v {b: true, d: 1}\na:\n  <<: {b: false, d: 1} # v\n  c: 1\n",
        ),
        ("x: &v {b: true}\na: {c: 1, <<: *v}\n", "x: &v {b: true}\na: {c: 1, <<: {b: false}}\n"),
        ("x: &v {d: true}\na: {<<: *v}\n", "x: &v {d: true}\na: {<<: *v, b: false}\n"),
        ("x: &v {d: true}\na:\n  <<: *v\n", "x: &v {d: true}\na:\n  <<: *v\n  b: false\n"),
        (
            "x: &v\n  a:\n    b: true\n    c: 1\n<<: *v\ny: {<<: *v}\n",
            "x: &v\n  a:\n    b: true\n    c: 1\n<<: {a: {b: false, c: 1}}\ny: {<<: *v}\n",
        ),
        ("<<: {a: {b: true}}\nx: 1\n", "<<: {a: {b: false}}\nx: 1\n"),
        ("a: &v {}\nx: *v\n", "a: &v {b: false}\nx: {}\n"),
        ("a: &v\n  c: 1\nx: *v\n", "a: &v\n  c: 1\n  b: false\nx: {c: 1}\n"),
        ("a: &v\n  b: 1\n  b: 2\nx: *v\n", "a: &v\n  b: 1\n  b: false\nx: {b: 2}\n"),
        // An anchor that nobody reads needs no care.
        ("a: &v\n  b: true\n", "a: &v\n  b: false\n"),
    ] {
        becomes(text, expected);
    }
    // The last one has lost its quote, and would lose what follows.
    for text in
        ["a: &v {b: true}\nx: {<<: *v}\n", "a:\n  b: 'x\nc: y'\n", "a: 1\n", "a: [1]\n", "x: 1\na:\n  b: {c: 1}\n"]
    {
        assert_eq!(edited(text, "a.b", "false"), None, "{text}");
    }
}

#[test]
fn strings_have_the_quotes_that_were_there() {
    for (text, expected) in [
        ("a: Old\n", "a: Webhook\n"),
        ("a: 'Old'\n", "a: 'Webhook'\n"),
        ("a: \"Old\"\n", "a: \"Webhook\"\n"),
        ("{\"a\":\"Old\"}", "{\"a\":\"Webhook\"}"),
        ("x: 1\n", "x: 1\na: Webhook\n"),
        ("--- {\"x\": 1}", "--- {\"x\": 1, \"a\": \"Webhook\"}"),
    ] {
        assert_eq!(edited(text, "a", "\"Webhook\"").as_deref(), Some(expected), "{text}");
    }
    assert_eq!(edited("a: x\n", "a", "\"yes\"").as_deref(), Some("a: \"yes\"\n"));
    assert_eq!(edited("a: x\n", "a", "\"4h0m0s\"").as_deref(), Some("a: 4h0m0s\n"));
    assert_eq!(edited("a: x\n", "a", "\"1\"").as_deref(), Some("a: \"1\"\n"));
}

#[test]
fn lists_change_item_by_item() {
    let list = |text: &str, value: &str| edited(text, "a", value);
    for (text, value, expected) in [
        ("a:\n- k # x\n- l # y\n- m\nb: 1\n", r#"["k","m"]"#, "a:\n- k # x\n# y\n- m\nb: 1\n"),
        ("a:\n  - k\n  # c\n  - l\n", r#"["l"]"#, "a:\n  # c\n  - l\n"),
        ("a:\n  - k\n  - l", r#"["k"]"#, "a:\n  - k"),
        ("a: [k, l, m] # c\n", r#"["k","m"]"#, "a: [k, m] # c\n"),
        ("a: [k, l, m,]\n", r#"["k"]"#, "a: [k,]\n"),
        ("a: [k, 'l']\n", r#"["l"]"#, "a: ['l']\n"),
        ("a: [ # a\n  k, # x\n  l # y\n  ]\n", r#"["k"]"#, "a: [ # a\n  k # x\n  # y\n  ]\n"),
        ("{\"a\":[\"k\",\"l\"]}", r#"["l"]"#, "{\"a\":[\"l\"]}"),
        ("{\n \"a\": [\n  \"k\",\n  \"l\"\n ]\n}", r#"["k"]"#, "{\n \"a\": [\n  \"k\"\n ]\n}"),
        ("{\n \"a\": [\n  \"k\",\n  \"l\"\n ]\n}", r#"["l"]"#, "{\n \"a\": [\n  \"l\"\n ]\n}"),
        // Nothing of it stays.
        ("a:\n- k # x\n- l\n", r#"["p","q"]"#, "a:\n- p # x\n- q\n"),
        ("a: ['k', l]\n", r#"["p","q","r"]"#, "a: ['p', 'q', 'r']\n"),
        ("{\n \"a\": [\n  \"k\"\n ]\n}", r#"["p"]"#, "{\n \"a\": [\n  \"p\"\n ]\n}"),
        // There was none.
        ("b:\n  c: 1\n", r#"["p","q"]"#, "b:\n  c: 1\na:\n- p\n- q\n"),
        ("a: []\n", r#"["p","q"]"#, "a: [p, q]\n"),
        ("a:\nb: 1\n", r#"["p","q"]"#, "a:\n- p\n- q\nb: 1\n"),
        ("{\n  \"b\": 1\n}", r#"["p","q"]"#, "{\n  \"b\": 1,\n  \"a\": [\n    \"p\",\n    \"q\"\n  ]\n}"),
        ("{\"b\": 1}", r#"["p","q"]"#, "{\"b\": 1, \"a\": [\"p\", \"q\"]}"),
        ("{\"b\":1}", r#"["p","q"]"#, "{\"b\":1,\"a\":[\"p\",\"q\"]}"),
        ("x: &l [k, l]\na: *l\n", r#"["k"]"#, "x: &l [k, l]\na: [k]\n"),
        ("a: &l [k, l]\nx: *l\n", r#"["k"]"#, "a: &l [k]\nx: [k, l]\n"),
    ] {
        assert_eq!(list(text, value).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn maps_can_be_added() {
    let map = r#"{"memory.available":"100Mi","nodefs.available":"10%"}"#;
    for (text, expected) in [
        ("b: 1\n", "b: 1\na:\n  memory.available: 100Mi\n  nodefs.available: 10%\n"),
        ("a: {}\n", "a: {memory.available: 100Mi, nodefs.available: 10%}\n"),
        ("{\"a\": {}}", "{\"a\": {\"memory.available\": \"100Mi\", \"nodefs.available\": \"10%\"}}"),
    ] {
        assert_eq!(edited(text, "a", map).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_too_large_or_in_utf_16_is_left_alone() {
    let long = format!("a: [{}]\n", "1, ".repeat(20_000));
    let deep = format!("a: {}{}\n", "[".repeat(70), "]".repeat(70));
    for text in [long, deep] {
        assert_eq!(edited(&text, "b", "1"), None);
    }
    let utf16: Vec<u8> = "\u{feff}a: 1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let value = read_json(b"2").unwrap();
    assert_eq!(set(&utf16, &read(&utf16).unwrap(), &["a"], &value.root.value, None, true), None);
}

/// Of keys that are given twice, the one is meant that decides.
#[test]
fn where_the_value_stands_is_told() {
    let text = br#"{"a":{"b":1},"a":{"c":2}}"#;
    let value = read_json(b"false").unwrap();
    let parsed = read(text).unwrap();
    let near =
        |near| String::from_utf8(apply(text, &set(text, &parsed, &["a", "b"], &value.root.value, near, true).unwrap()));
    assert_eq!(near(Some(10..11)).unwrap(), r#"{"a":{"b":false},"a":{"c":2}}"#);
    assert_eq!(near(None).unwrap(), r#"{"a":{"b":1},"a":{"c":2,"b":false}}"#);
}
