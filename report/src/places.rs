//! Places: from a document's number and its bytes to a path, a line and a column, or to an argument.

use crate::escape;
use kubevet_rules::Language;
use kubevet_rules::model::{Content, Document, Outcome, Place, Process, Span, Want};
use std::fmt;
use std::ops::Range;

/// The documents of a target, and what of them must not be shown.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    documents: &'a [Document],
    withheld: &'a [Span],
    language: Language,
}

/// What a document is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// A file or a directory; the bytes need not be UTF-8.
    Path(&'a [u8]),
    /// The arguments of a process; without a `pid` they were given to the command as they are.
    Arguments {
        /// What the process is called, such as `kubelet`.
        process: &'a str,
        /// The fact `pid`.
        pid: Option<&'a str>,
    },
    /// An environment variable.
    Variable(&'a str),
    /// The live configuration.
    Live,
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location<'a> {
    /// The document; none for the target as a whole.
    pub name: Option<Name<'a>>,
    /// Where in the document; none for the document as a whole.
    pub spot: Option<Spot<'a>>,
    /// The language of its name for people.
    language: Language,
}

/// Where in a document something stands. Lines and columns count from 1 and columns count characters, a byte that is not
/// UTF-8 being one; ends are exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot<'a> {
    /// The number of the argument, from 0 without the program's name; none for a file.
    pub argument: Option<u32>,
    /// The first line.
    pub line: usize,
    /// The first column.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// The column after the last one.
    pub end_column: usize,
    /// The deciding text; none if it is withheld, wholly or in part.
    pub text: Option<&'a [u8]>,
    /// The bytes of the file or the argument.
    pub(crate) bytes: &'a [u8],
    /// The span.
    pub(crate) span: Span,
}

impl<'a> Places<'a> {
    /// The places of these documents; what stands in `withheld` is located, and never shown.
    pub fn new(documents: &'a [Document], withheld: &'a [Span]) -> Places<'a> {
        Places { documents, withheld, language: Language::English }
    }

    /// The same places, called by their names in a language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Places<'a> {
        Places { language, ..self }
    }

    /// Where a place is. A place outside of its document, which only a faulty plugin names, is the document as a whole.
    pub fn locate(&self, place: &Place) -> Location<'a> {
        match place {
            Place::Target => self.location(None, None),
            Place::Whole(document) => self.location(self.name(*document), None),
            Place::At(span) => self.location(self.name(span.document), self.spot(*span)),
        }
    }

    fn location(&self, name: Option<Name<'a>>, spot: Option<Spot<'a>>) -> Location<'a> {
        Location { name, spot, language: self.language }
    }

    /// Whether any byte of the place must not be shown.
    pub fn is_withheld(&self, place: &Place) -> bool {
        matches!(place, Place::At(span) if self.withheld_in(*span))
    }

    pub(crate) fn withheld_in(&self, span: Span) -> bool {
        // An empty place inside of a withheld text is inside of it, too.
        self.withheld_ranges(span).any(|range| range.start < span.end.max(span.start + 1) && span.start < range.end)
    }

    /// The withheld ranges of the file or argument in which the span stands.
    pub(crate) fn withheld_ranges(&self, span: Span) -> impl Iterator<Item = Range<u32>> + 'a {
        self.withheld
            .iter()
            .filter(move |withheld| withheld.document == span.document && withheld.part == span.part)
            .map(|withheld| withheld.start..withheld.end)
    }

    /// The process whose arguments hold the span.
    pub(crate) fn process(&self, document: u32) -> Option<&'a Process> {
        match &self.document(document)?.outcome {
            Outcome::Found(Content::Process(process)) => Some(process),
            _ => None,
        }
    }

    fn document(&self, id: u32) -> Option<&'a Document> {
        self.documents.iter().find(|document| document.id == id)
    }

    fn name(&self, id: u32) -> Option<Name<'a>> {
        let document = self.document(id)?;
        Some(match &document.answers {
            Want::File(path) | Want::Directory(path) | Want::Metadata(path) => Name::Path(path),
            Want::EnvironmentHas(name) => Name::Variable(name),
            Want::LiveConfiguration => Name::Live,
            Want::Processes(name) => Name::Arguments { process: name, pid: self.process(id).and_then(|p| pid(p)) },
        })
    }

    fn spot(&self, span: Span) -> Option<Spot<'a>> {
        let (bytes, argument) = match &self.document(span.document)?.outcome {
            Outcome::Found(Content::File(bytes)) if span.part == 0 => (bytes, None),
            Outcome::Found(Content::Process(process)) => (process.arguments.get(span.part as usize)?, Some(span.part)),
            _ => return None,
        };
        let text = bytes.get(span.start as usize..span.end as usize)?;
        let (line, column) = line_and_column(bytes, span.start as usize);
        let (end_line, end_column) = line_and_column(bytes, span.end as usize);
        let text = (!self.withheld_in(span)).then_some(text);
        Some(Spot { argument, line, column, end_line, end_column, text, bytes, span })
    }
}

/// The fact `pid` of a process.
fn pid(process: &Process) -> Option<&str> {
    process.facts.iter().find(|(key, _)| key == "pid").map(|(_, value)| value.as_str())
}

/// The line and the column of an offset, both from 1. A byte order mark takes no column, as in every editor.
fn line_and_column(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset];
    let start = line_start(bytes, offset);
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    let text = &before[start..];
    let text = if start == 0 { text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text) } else { text };
    let column = 1 + text.utf8_chunks().map(|c| c.valid().chars().count() + c.invalid().len()).sum::<usize>();
    (line, column)
}

/// Where the line of an offset begins.
pub(crate) fn line_start(bytes: &[u8], offset: usize) -> usize {
    bytes[..offset].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1)
}

/// Where the line of an offset ends, without the characters that end it.
pub(crate) fn line_end(bytes: &[u8], offset: usize) -> usize {
    let end = bytes[offset..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |newline| offset + newline);
    if end > offset && bytes[end - 1] == b'\r' { end - 1 } else { end }
}

impl Name<'_> {
    fn in_language(&self, language: Language) -> String {
        match self {
            Name::Path(path) => escape::bytes(path),
            Name::Arguments { pid: Some(pid), process } => {
                let (pid, process) = (escape::text(pid), escape::text(process));
                match language {
                    Language::English => format!("arguments of process {pid} ({process})"),
                    Language::Japanese => format!("プロセス {pid} ({process}) の引数"),
                }
            }
            Name::Arguments { pid: None, .. } => language.choose("command line", "コマンドライン").into(),
            Name::Variable(name) => {
                format!("{} {}", language.choose("environment variable", "環境変数"), escape::text(name))
            }
            Name::Live => language.choose("live configuration", "稼働中の設定").into(),
        }
    }
}

/// `path:line:column`, `argument 3 of process 1187 (kubelet)`; escaped, in one line.
impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = self.language;
        let Some(name) = &self.name else {
            return f.write_str(language.choose("target as a whole", "対象全体"));
        };
        match (name, &self.spot) {
            (name, None) => write!(f, "{}", name.in_language(language)),
            (name, Some(Spot { argument: Some(argument), .. })) => {
                let whose = match name {
                    Name::Arguments { pid: Some(pid), process } => {
                        let (pid, process) = (escape::text(pid), escape::text(process));
                        match language {
                            Language::English => format!("process {pid} ({process})"),
                            Language::Japanese => format!("プロセス {pid} ({process}) "),
                        }
                    }
                    name => format!("{}{}", language.choose("the ", ""), name.in_language(language)),
                };
                match language {
                    Language::English => write!(f, "argument {argument} of {whose}"),
                    Language::Japanese => write!(f, "{whose}の引数 {argument}"),
                }
            }
            (name, Some(spot)) => write!(f, "{}:{}:{}", name.in_language(language), spot.line, spot.column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{file, process, span};

    fn shown(documents: &[Document], place: Place) -> String {
        Places::new(documents, &[]).locate(&place).to_string()
    }

    #[test]
    fn columns_count_characters() {
        let documents = [file(1, "/k", "\u{feff}a\r\n ü漢\tx\n")];
        let places = Places::new(&documents, &[]);
        let spot = |text: &str| places.locate(&span(&documents, 1, text)).spot.unwrap();
        assert_eq!((spot("a").line, spot("a").column), (1, 1));
        assert_eq!((spot("x").line, spot("x").column), (2, 5));
        assert_eq!((spot("漢\t").end_line, spot("漢\t").end_column), (2, 5));
        let end = Span { document: 1, part: 0, start: 15, end: 15 };
        assert_eq!(shown(&documents, Place::At(end)), "/k:3:1");
    }

    #[test]
    fn bytes_that_are_not_utf8_count_one_each() {
        let mut documents = [file(1, "/k", "")];
        documents[0].outcome = Outcome::Found(Content::File(b"\xff\xfe\xe6\xbc:x".to_vec()));
        assert_eq!(shown(&documents, Place::At(Span { document: 1, part: 0, start: 5, end: 6 })), "/k:1:6");
    }

    #[test]
    fn names() {
        let mut documents = [process(0, &["--v=2"]), file(1, "/a\u{1b}[2J", "x")];
        let argument = Place::At(Span { document: 0, part: 0, start: 0, end: 5 });
        assert_eq!(shown(&documents, argument), "argument 0 of process 1187 (kubelet)");
        assert_eq!(shown(&documents, Place::Whole(0)), "arguments of process 1187 (kubelet)");
        assert_eq!(shown(&documents, Place::Whole(1)), "/a\\u{1b}[2J");
        let Outcome::Found(Content::Process(process)) = &mut documents[0].outcome else { panic!() };
        process.facts.clear();
        assert_eq!(shown(&documents, argument), "argument 0 of the command line");
        assert_eq!(shown(&documents, Place::Whole(0)), "command line");
    }

    #[test]
    fn places_that_do_not_exist_are_the_whole() {
        let documents = [file(1, "/k", "abc")];
        for (start, end) in [(0, 4), (4, 4), (3, 2), (u32::MAX, u32::MAX)] {
            assert_eq!(shown(&documents, Place::At(Span { document: 1, part: 0, start, end })), "/k", "{start}..{end}");
        }
        assert_eq!(shown(&documents, Place::At(Span { document: 1, part: 7, start: 0, end: 1 })), "/k");
        assert_eq!(shown(&documents, Place::Whole(9)), "target as a whole");
    }

    #[test]
    fn what_overlaps_a_withheld_text_has_no_text() {
        let documents = [file(1, "/k", "0123456789")];
        let withheld = [Span { document: 1, part: 0, start: 3, end: 6 }];
        let places = Places::new(&documents, &withheld);
        for (start, end, shown) in
            [(0, 3, true), (6, 9, true), (2, 4, false), (4, 4, false), (5, 9, false), (0, 9, false)]
        {
            let place = Place::At(Span { document: 1, part: 0, start, end });
            assert_eq!(places.locate(&place).spot.unwrap().text.is_some(), shown, "{start}..{end}");
        }
    }
}
