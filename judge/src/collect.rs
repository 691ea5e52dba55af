//! Which documents a target has: the plugin says what it wants, a [`Source`] answers. [`documents`] is the turn between the two.

use std::collections::HashSet;
use std::rc::Rc;

use kubevet_rules::model::{Content, Document, Outcome, Want};

/// How often the plugin is asked what it wants. The arguments, the configuration file and the drop-in directory take
/// three rounds; every level of directories below that takes one more.
pub const MAX_ROUNDS: usize = 16;

/// How many documents of one target are read. A drop-in directory holds a handful of files; a thousand is a mistake or
/// an attack, and each of them costs the plugin memory and time.
pub const MAX_DOCUMENTS: usize = 1_000;

/// How many bytes the documents of one target hold together, since all of them are copied into the plugin's memory.
/// There is room for the longest command line that Linux allows (6 MiB) and for several files of the largest size.
pub const MAX_TOTAL_BYTES: usize = 24 << 20;

/// The largest file that is read, in bytes. What Kubernetes hands out as configuration is at most 1 MiB (the limit of
/// a `ConfigMap`, and of etcd by default 1.5 MiB); nobody writes more by hand.
pub const MAX_FILE: u64 = 1 << 20;

/// The most entries of a directory that are listed. Drop-in directories hold a handful.
pub const MAX_ENTRIES: usize = 10_000;

/// Something that can be asked for documents: a running process, a directory of files, a recorded bundle, a text box.
pub trait Source {
    /// What this source has to say to one want. It never fails as a whole: an error is an answer, too.
    fn answer(&self, want: &Want) -> Outcome;

    /// The one document of an input of a file, and the input's id, where that is judged: then nothing else is wanted.
    fn input(&self) -> Option<(Document, &str)> {
        None
    }
}

impl<S: Source + ?Sized> Source for Rc<S> {
    fn answer(&self, want: &Want) -> Outcome {
        S::answer(self, want)
    }

    fn input(&self) -> Option<(Document, &str)> {
        S::input(self)
    }
}

/// The documents of one target: `plan` says what it wants beside those it is given, `source` answers, until there is
/// nothing left to want. What a limit forbids is answered with a refusal that names the limit, so it is never lost.
///
/// # Errors
///
/// Only those of `plan`.
pub fn documents<E>(
    source: &dyn Source,
    mut plan: impl FnMut(&[Document]) -> Result<Vec<Want>, E>,
) -> Result<Vec<Document>, E> {
    let mut collection = Collection::default();
    for round in 0..=MAX_ROUNDS {
        let wants = plan(&collection.documents)?;
        let wants: Vec<Want> = wants.into_iter().filter(|want| collection.asked.insert(want.clone())).collect();
        if wants.is_empty() {
            break;
        }
        for want in wants {
            if round == MAX_ROUNDS {
                collection
                    .add(want, refusal(format!("kubevet asks for documents in no more than {MAX_ROUNDS} rounds")));
            } else {
                collection.ask(source, want);
            }
        }
    }
    Ok(collection.documents)
}

#[derive(Default)]
struct Collection {
    documents: Vec<Document>,
    asked: HashSet<Want>,
    bytes: usize,
}

impl Collection {
    fn ask(&mut self, source: &dyn Source, want: Want) {
        let outcome = if self.documents.len() < MAX_DOCUMENTS {
            self.within_total(source.answer(&want))
        } else {
            refusal(format!("kubevet reads no more than {MAX_DOCUMENTS} documents of a target"))
        };
        self.add(want, outcome);
    }

    fn within_total(&mut self, outcome: Outcome) -> Outcome {
        let size = size(&outcome);
        if self.bytes + size > MAX_TOTAL_BYTES {
            return refusal(format!(
                "the documents of a target may hold no more than {MAX_TOTAL_BYTES} bytes together"
            ));
        }
        self.bytes += size;
        outcome
    }

    fn add(&mut self, answers: Want, outcome: Outcome) {
        // The plugin's output is limited long before 2^32 wants.
        let id = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        self.documents.push(Document { id, answers, outcome });
    }
}

fn refusal(reason: String) -> Outcome {
    Outcome::Refused(reason)
}

/// What a document takes in the plugin's memory, roughly.
fn size(outcome: &Outcome) -> usize {
    /// A pointer, a length and a kind, with some room.
    const ITEM: usize = 32;
    match outcome {
        Outcome::Found(Content::File(bytes)) => bytes.len(),
        Outcome::Found(Content::Directory(entries)) => entries.iter().map(|entry| entry.name.len() + ITEM).sum(),
        Outcome::Found(Content::Process(process)) => process.arguments.iter().map(|word| word.len() + ITEM).sum(),
        Outcome::Refused(text) | Outcome::Failed(text) => text.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers every file with this many bytes, and counts how often it was asked.
    struct Filled {
        size: usize,
        asked: std::cell::Cell<usize>,
    }

    impl Filled {
        fn new(size: usize) -> Self {
            Self { size, asked: std::cell::Cell::new(0) }
        }
    }

    impl Source for Filled {
        fn answer(&self, _: &Want) -> Outcome {
            self.asked.set(self.asked.get() + 1);
            Outcome::Found(Content::File(vec![b'x'; self.size]))
        }
    }

    fn file(number: usize) -> Want {
        Want::File(format!("/{number}").into_bytes())
    }

    type Never = std::convert::Infallible;

    #[test]
    fn answers_round_after_round_and_numbers_in_order() {
        let documents = documents(&Filled::new(3), |known| match known.len() {
            0 => Ok::<_, Never>(vec![Want::Processes("kubelet".into())]),
            1 => Ok(vec![file(1), file(2)]),
            _ => Ok(vec![]),
        })
        .unwrap();
        assert_eq!(documents.iter().map(|document| document.id).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(documents[2].answers, file(2));
    }

    #[test]
    fn asks_for_nothing_twice() {
        let source = Filled::new(3);
        let mut rounds = 0;
        let documents = documents(&source, |_| {
            rounds += 1;
            Ok::<_, Never>(vec![file(1), file(1), file(2)])
        })
        .unwrap();
        assert_eq!((documents.len(), source.asked.get(), rounds), (2, 2, 2));
    }

    #[test]
    fn an_endless_plan_ends_and_its_last_wants_are_refused() {
        let source = Filled::new(0);
        let documents = documents(&source, |known| Ok::<_, Never>(vec![file(known.len())])).unwrap();
        assert_eq!((documents.len(), source.asked.get()), (MAX_ROUNDS + 1, MAX_ROUNDS));
        let Outcome::Refused(reason) = &documents[MAX_ROUNDS].outcome else { panic!("{:?}", documents.last()) };
        assert!(reason.contains("16 rounds"), "{reason}");
    }

    #[test]
    fn more_documents_than_allowed_are_refused_and_not_lost() {
        let source = Filled::new(0);
        let wanted = MAX_DOCUMENTS + 5;
        let documents = documents(&source, |_| Ok::<_, Never>((0..wanted).map(file).collect())).unwrap();
        assert_eq!((documents.len(), source.asked.get()), (wanted, MAX_DOCUMENTS));
        let Outcome::Refused(reason) = &documents[MAX_DOCUMENTS].outcome else { panic!("{:?}", documents.last()) };
        assert!(reason.contains("1000 documents"), "{reason}");
    }

    #[test]
    fn more_bytes_than_allowed_are_refused_and_smaller_documents_still_fit() {
        struct Sized;
        impl Source for Sized {
            fn answer(&self, want: &Want) -> Outcome {
                let size = if *want == file(9) { 5 } else { MAX_TOTAL_BYTES / 3 - 5 };
                Outcome::Found(Content::File(vec![0; size]))
            }
        }
        let documents =
            documents(&Sized, |_| Ok::<_, Never>(vec![file(0), file(1), file(2), file(3), file(9)])).unwrap();
        let refused: Vec<_> =
            documents.iter().map(|document| matches!(document.outcome, Outcome::Refused(_))).collect();
        assert_eq!(refused, [false, false, false, true, false]);
    }

    #[test]
    fn an_error_of_the_plan_is_passed_on() {
        assert_eq!(documents(&Filled::new(0), |_| Err("no")), Err("no"));
    }
}
