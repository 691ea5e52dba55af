use super::*;

fn json(text: &str) -> Text {
    read_json(text.as_bytes()).unwrap()
}

fn yaml(text: &str) -> Text {
    read_yaml(text.as_bytes()).unwrap()
}

fn refusal(error: Result<Text, SyntaxError>) -> (String, Range<usize>) {
    // Not `unwrap_err`: it would print the value, and recurse into a deep one.
    match error {
        Ok(_) => panic!("this should be refused"),
        Err(error) => (error.message().to_owned(), error.span),
    }
}

fn members(node: &Node) -> &[Member] {
    match &node.value {
        Value::Object(members) => members,
        other => panic!("{other:?} is no object"),
    }
}

#[test]
fn a_brace_makes_it_json() {
    assert_eq!(read(b" \r\n\x0b\xc2\xa0{").unwrap_err().message(), "expected a value");
    assert_eq!(read(b"\n {\"a\": 1}").unwrap().format, Format::Json);
    assert_eq!(read(b"\xef\xbb\xbf{a: 1}").unwrap().format, Format::Yaml);
    assert_eq!(read(b"# yes\n{a: 1}").unwrap().format, Format::Yaml);
    assert_eq!(read(b"").unwrap().root.value, Value::Null);
}

#[test]
fn json_keeps_spans_order_and_duplicates() {
    let text = json(r#" {"b": [1.50, {}], "a": "x", "b": null}"#);
    let seen: Vec<_> =
        members(&text.root).iter().map(|m| (&*m.key, m.key_span.clone(), m.value.span.clone())).collect();
    assert_eq!(seen, [("b", 2..5, 7..17), ("a", 19..22, 24..27), ("b", 29..32, 34..38)]);
    assert_eq!(text.root.span, 1..39);
    assert_eq!(text.root.to_json(), r#"{"a":"x","b":null}"#);
    assert_eq!(text.root.get("b").map(|node| &node.value), Some(&Value::Null));
    assert_eq!(members(&text.root)[0].value.to_json(), "[1.50,{}]");
}

#[test]
fn json_takes_what_is_not_unicode_as_go_does() {
    assert_eq!(read_json(b"\"a\xe2\x82z\"").unwrap().root.value, Value::String("a\u{fffd}\u{fffd}z".into()));
    assert_eq!(
        json(r#""\ud83d\ude00 \ud83d \ude00\ud83dx""#).root.value,
        Value::String("😀 \u{fffd} \u{fffd}\u{fffd}x".into())
    );
    assert_eq!(json(r#""\u00e9\/\u0000\ud800\u0041""#).root.to_json(), "\"é/\\u0000\u{fffd}A\"");
}

#[test]
fn json_errors_say_what_is_wrong_and_where() {
    for (text, message, span) in [
        (r#"{"a": 1,}"#, "trailing comma before `}`", 7..8),
        (r#"[1, ]"#, "trailing comma before `]`", 2..3),
        (r#"{"a": 1 // no"#, "a comment is not JSON", 8..9),
        (r#"{ # no"#, "a comment is not JSON", 2..3),
        (r#"{'a': 1}"#, "a string needs double quotes", 1..2),
        (r#"{a: 1}"#, "a key needs double quotes", 1..2),
        (r#"{"a" 1}"#, "expected `:` after a key", 5..6),
        (r#"{"a": 1 "b": 2}"#, "expected `,` or `}` after a member", 8..9),
        (r#"[1 2]"#, "expected `,` or `]` after a value", 3..4),
        (r#"{} {}"#, "data after the closing brace", 3..4),
        (r#"{"a": "b"#, "a string is not closed", 6..7),
        ("[\"a\tb\"]", "a control character in a string must be escaped", 3..4),
        (r#"["\x"]"#, "an unknown escape in a string", 2..4),
        (r#"["\u12"]"#, "`\\u` needs four hexadecimal digits", 2..4),
        (r#"[NaN]"#, "JSON has no NaN and no infinity", 1..4),
        (r#"[-Infinity]"#, "JSON has no NaN and no infinity", 2..3),
        (r#"[012]"#, "a number cannot begin with a zero", 1..2),
        (r#"[0x1]"#, "a number must be decimal", 1..3),
        (r#"[+1]"#, "a number cannot begin with a plus sign", 1..2),
        (r#"[.5]"#, "a number cannot begin with a point", 1..2),
        (r#"[1.]"#, "a digit is missing in a number", 3..4),
        (r#"[True]"#, "`true` and `false` are written in lower case", 1..5),
        (r#"[None]"#, "the empty value is written `null`", 1..5),
        (r#"[yes]"#, "a string needs double quotes", 1..4),
        (r#"[,1]"#, "a value is missing before the comma", 1..2),
        (r#"{"a": }"#, "expected a value before the closing bracket", 6..7),
        (r#"{"a": "#, "the text ends too early", 6..6),
        ("\u{feff}{}", "a byte order mark is not JSON", 0..3),
        ("[\u{a0}1]", "expected a value", 1..3),
        ("[\"\\😀\"]", "an unknown escape in a string", 2..7),
    ] {
        assert_eq!(refusal(read_json(text.as_bytes())), (message.into(), span), "{text}");
    }
}

#[test]
fn yaml_spans_stand_in_the_original() {
    let text = yaml("# é\na: !!bool \"no\"\nb:\n  - |\n    x\n\nc: &x z # w\n");
    let spans: Vec<_> = members(&text.root).iter().map(|m| (m.key_span.clone(), m.value.span.clone())).collect();
    assert_eq!(spans, [(5..6, 8..19), (20..21, 25..34), (36..37, 42..43)]);
    assert_eq!(text.root.to_json(), r#"{"a":false,"b":["x\n"],"c":"z"}"#);
    assert_eq!(members(&yaml("\u{feff}a: b").root)[0].value.span, 6..7);
    let utf16: Vec<u8> = "\u{feff}😀: b".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(members(&read_yaml(&utf16).unwrap().root)[0].key_span, 2..6);
    assert_eq!(members(&yaml("a:\nb: 1").root)[0].value.span, 2..2);
}

#[test]
fn merges_apply_where_they_stand() {
    let text = yaml("base: &b {x: 1, z: 2}\none:\n  x: 3\n  <<: *b\ntwo:\n  <<: [{x: 4}, *b]\n  z: 5\n");
    assert_eq!(text.root.get("one").unwrap().to_json(), r#"{"x":1,"z":2}"#);
    assert_eq!(text.root.get("two").unwrap().to_json(), r#"{"x":4,"z":5}"#);
    let one = members(text.root.get("one").unwrap());
    let seen: Vec<_> = one.iter().map(|m| (&*m.key, m.key_span.clone(), m.shadowed)).collect();
    assert_eq!(seen, [("x", 29..30, true), ("x", 10..11, false), ("z", 16..17, false)]);
    // The merged `x` in `one`, `x` of the list's first mapping and the `z` in `two`.
    assert_eq!(text.set_twice, [10..11, 56..57, 69..70]);
}

#[test]
fn yaml_duplicates_are_kept_and_the_last_one_counts() {
    let text = yaml("a: {b: .nan}\n\"a\": 2\n1: x\n\"1\": z\n");
    assert_eq!(text.root.to_json(), r#"{"1":"z","a":2}"#);
    assert_eq!(text.set_twice, vec![13..16; 1], "to go-yaml, 1 and \"1\" are two keys");
    assert_eq!(
        members(&text.root).iter().map(|member| member.shadowed).collect::<Vec<_>>(),
        [true, false, true, false]
    );
}

#[test]
fn aliases_stand_where_they_are_written() {
    let text = yaml("a: &x [1]\nb: *x\n");
    let alias = text.root.get("b").unwrap();
    let Value::Array(items) = &alias.value else { panic!("{alias:?}") };
    assert_eq!((alias.span.clone(), items[0].span.clone()), (13..15, 7..8));
}

#[test]
fn yaml_errors_say_what_is_wrong_and_where() {
    for (text, message, span) in [
        ("a:\n\tb: 1", "a tab character cannot indent", 3..4),
        ("a: b: c", "a `:` cannot stand here", 4..5),
        ("a: 1\nb\n", "expected `:` after this key", 5..6),
        ("a: [1, 2", "the text ends too early", 8..8),
        ("a: \"b", "a string is not closed", 3..4),
        ("a: *b", "an alias without its anchor", 3..5),
        ("a: &b [*b]", "an alias inside what it stands for", 7..9),
        ("%YAML 1.2\n---\n", "only YAML 1.1 can be read", 0..9),
        ("a: .inf", "JSON has no NaN and no infinity", 3..7),
        ("~: 1", "a key cannot be null or so large a number", 0..1),
        ("[a]: 1", "a collection cannot be a key", 0..3),
        ("<<: 1", "only a mapping, or a list of mappings, can be merged", 4..5),
        ("a: !!int x", "this value does not fit its tag", 3..10),
        ("a: @b", "a plain value cannot begin with `@` or a backtick", 3..4),
        ("a: \u{1}", "control characters are not allowed", 3..4),
        ("a: \u{80}b", "control characters are not allowed", 3..5),
        ("a: é\u{fffe}", "control characters are not allowed", 5..8),
        ("a: 1\n  b: 2", "a `:` cannot stand here", 8..9),
    ] {
        assert_eq!(refusal(read_yaml(text.as_bytes())), (message.into(), span), "{text}");
    }
}

#[test]
fn yaml_errors_in_utf16_stand_in_the_original() {
    for (text, span) in [("a: \u{1}b", 8..10), ("a: 😀\u{80}", 12..14), ("\u{fffe}", 2..4)] {
        let bytes: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(refusal(read_yaml(&bytes)), ("control characters are not allowed".into(), span), "{text}");
    }
    for (bytes, span) in
        [(&b"\xff\xfea\0:\0 \0\0\xd8b\0"[..], 8..10), (b"\xff\xfea\0b", 4..5), (b"\xff\xfeY\xda`", 2..4)]
    {
        assert_eq!(refusal(read_yaml(bytes)), ("this is not UTF-16".into(), span), "{bytes:?}");
    }
}

/// What makes libraries that are close to go-yaml panic, or differ from it.
#[test]
fn yaml_takes_what_is_odd_as_go_does() {
    for (text, value) in [
        ("a: [!x, b]", r#"{"a":["b"]}"#),
        ("a: |", r#"{"a":""}"#),
        ("a: |+\n  b", r#"{"a":"b"}"#),
        ("a: |+\n  b\n  ", r#"{"a":"b\n"}"#),
        ("a: \"\\'\"", r#"{"a":"'"}"#),
        ("{}: x\nb: 1", "{}"),
        ("a: 1\n--- [", r#"{"a":1}"#),
        ("1.5e10: a\n0x10: b\nyes: c\n", r#"{"1.5e+10":"a","16":"b","true":"c"}"#),
        (
            "[1e21, 1e-7, 0.1e1, -0.0, 0b-1, 1_0, 08, 18446744073709551616]",
            "[1e+21,1e-7,1,-0,-1,10,8,18446744073709552000]",
        ),
        ("!!binary /w==", "\"\u{fffd}\""),
    ] {
        assert_eq!(yaml(text).root.to_json(), value, "{text}");
    }
    assert!(read_yaml(br#"a: "\/""#).is_err());
}

#[test]
fn what_go_never_reads_can_be_broken() {
    let mut text = b"a: 1\n---\n".to_vec();
    text.resize(600, b' ');
    text.push(0xff);
    assert_eq!(read_yaml(&text).unwrap().root.to_json(), r#"{"a":1}"#);
    text.drain(300..500);
    assert_eq!(refusal(read_yaml(&text)), ("this is not UTF-8".into(), 400..401));
    // It looks four characters ahead where a plain value may go on.
    assert!(read_yaml(b"{a: 1} b\n#cde \xe3").is_ok());
    assert_eq!(refusal(read_yaml(b"{a: 1} b\n# \xe3")), ("this is not UTF-8".into(), 11..12));
    let no_key = [b"\"a\"", &[b':'; 1030][..], b"\xc3"].concat();
    assert_eq!(refusal(read_yaml(&no_key)), ("this is not UTF-8".into(), 1033..1034));
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    open.repeat(depth) + &close.repeat(depth)
}

#[test]
fn ten_thousand_levels_and_no_more() {
    for reader in [read_json, read_yaml] {
        assert_eq!(reader(nested("[", "]", 10_000).as_bytes()).unwrap().root.to_json().len(), 20_000);
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            for text in [nested(open, close, 10_001), nested(open, close, 200_000), open.repeat(200_000)] {
                let message = reader(text.as_bytes()).map_or_else(|error| error.message(), |_| "none".to_owned());
                assert!(message.starts_with("exceeded max depth"), "{message}: {}", &text[..10]);
            }
        }
    }
    let deep_blocks: String = (0..1500).map(|depth| " ".repeat(depth) + "a:\n").collect();
    assert!(read_yaml(deep_blocks.as_bytes()).is_ok());
    assert!(read_yaml("- ".repeat(10_000).as_bytes()).is_ok());
    assert!(read_yaml("- ".repeat(200_000).as_bytes()).is_err());
    assert!(read_yaml("? ".repeat(200_000).as_bytes()).is_err());
}

#[test]
fn aliases_cannot_nest_without_end() {
    let mut text = String::from("- &a0 1\n");
    for level in 1..20 {
        text += &format!("- &a{level} {}*a{}{}\n", "[".repeat(900), level - 1, "]".repeat(900));
    }
    assert!(refusal(read_yaml(text.as_bytes())).0.starts_with("exceeded max depth"));
}

#[test]
fn alias_bombs_are_refused() {
    let mut values = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        values += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    assert_eq!(refusal(read_yaml(values.as_bytes())).0, "document contains excessive aliasing");
    let bytes = format!("- &a {}\n{}", "x".repeat(1 << 20), "- *a\n".repeat(10_000));
    assert_eq!(refusal(read_yaml(bytes.as_bytes())).0, "the aliases stand for more than 16 MiB");
}

/// Each of these takes quadratic time where a reader is not careful; together they take a second or so in a debug build.
#[test]
fn hostile_texts_take_linear_time() {
    const COUNT: usize = 100_000;
    for text in [
        "[".repeat(9_000) + &"a,".repeat(COUNT),
        "a: 1\n".repeat(COUNT),
        "a: 1\n".repeat(COUNT) + &"1: 2\n".repeat(COUNT),
        (0..COUNT).map(|index| format!("- &a{index} b\n")).collect(),
        "x: \"".to_string() + &"a\n\n".repeat(COUNT),
        "? a\n".repeat(COUNT),
        "[{}".repeat(9_000) + &",{}".repeat(COUNT),
        format!("{{\"a\": [{}1]}}", "1,".repeat(COUNT)),
    ] {
        let _ = read_yaml(text.as_bytes());
        let _ = read_json(text.as_bytes());
    }
}
