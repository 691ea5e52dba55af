//! Flags that are left out, where no edit of a file helps because they override every file.

use std::rc::Rc;

use kubevet_rules::model::{Content, Document, Finding, Outcome, Place, Report, Status, Want};

use crate::Plugin;
use crate::collect::Source;
use crate::fix::{Fixed, find, has_new_refusal};
use crate::inquiry::Inquiry;
use crate::target::Judgement;

/// A flag may be given more than once, and the one before it counts when the last is gone; but not without end.
const MAX_FLAGS: usize = 8;

/// A target with fewer arguments.
#[derive(Clone)]
pub struct Shortened<E> {
    /// The judgement on it.
    pub judgement: Judgement<E>,
    /// The numbers that its arguments had in the beginning.
    pub kept: Vec<usize>,
    source: Rc<dyn Source>,
}

/// The source of a target with other arguments, and with the documents as they have become.
struct Changed {
    arguments: Vec<Vec<u8>>,
    documents: Vec<Document>,
    source: Rc<dyn Source>,
}

impl Source for Changed {
    fn answer(&self, want: &Want) -> Outcome {
        let known = self.documents.iter().find(|document| document.answers == *want);
        let mut outcome = known.map_or_else(|| self.source.answer(want), |document| document.outcome.clone());
        if let Outcome::Found(Content::Process(process)) = &mut outcome {
            process.arguments.clone_from(&self.arguments);
        }
        outcome
    }
}

impl<E: Clone + std::fmt::Display> Shortened<E> {
    /// With all of its arguments. `source` answers what is wanted when some are gone.
    #[must_use]
    pub fn new(judgement: Judgement<E>, source: Rc<dyn Source>) -> Shortened<E> {
        let kept = (0..arguments(judgement.documents()).len()).collect();
        Shortened { judgement, kept, source }
    }

    /// The same without the flags that keep a finding from passing, and with the edits that it then takes. Nothing, where
    /// that does not help, or where something that passed would not any more.
    #[must_use]
    pub fn without<P: Plugin<Error = E>>(
        &self,
        finding: &Finding,
        inquiry: &Inquiry<'_, P>,
    ) -> Option<(Shortened<E>, Fixed<E>)> {
        let mut shorter = self.clone();
        for _ in 0..MAX_FLAGS {
            let number = deciding_argument(&shorter.judgement, find(&shorter.judgement.report, finding)?)?;
            shorter = shorter.without_argument(number, inquiry)?;
            let same = |other: &Finding| other.check == finding.check && other.sections == finding.sections;
            let fixed = Fixed::of_those(shorter.judgement.clone(), inquiry, same);
            let now = find(&fixed.judgement.report, finding)?;
            if now.status == Status::Pass {
                shorter.judgement = fixed.judgement.clone();
                return is_as_good(&self.judgement.report, &shorter.judgement.report).then_some((shorter, fixed));
            }
        }
        None
    }

    /// The same without an argument, and without the next one where that is its value.
    fn without_argument<P: Plugin<Error = E>>(&self, number: usize, inquiry: &Inquiry<'_, P>) -> Option<Shortened<E>> {
        let words = arguments(self.judgement.documents());
        let has_value =
            !words.get(number)?.contains(&b'=') && words.get(number + 1).is_some_and(|next| !next.starts_with(b"-"));
        let counts: &[usize] = if has_value { &[2, 1] } else { &[1] };
        counts.iter().find_map(|count| {
            let range = number..number + count;
            let (mut arguments, mut kept) = (words.to_vec(), self.kept.clone());
            arguments.drain(range.clone());
            kept.drain(range);
            let documents = self.judgement.documents().to_vec();
            let source = self.source.clone();
            let judgement = self.judgement.anew(Box::new(Changed { arguments, documents, source }), inquiry);
            let is_understood = !has_new_refusal(&self.judgement.report, &judgement.report);
            is_understood.then(|| Shortened { judgement, kept, source: self.source.clone() })
        })
    }
}

/// The arguments of the process.
fn arguments(documents: &[Document]) -> &[Vec<u8>] {
    let process = documents.iter().find_map(|document| match &document.outcome {
        Outcome::Found(Content::Process(process)) => Some(process),
        _ => None,
    });
    process.map_or(&[], |process| &process.arguments)
}

/// The number of the argument that decides a finding.
fn deciding_argument<E>(judgement: &Judgement<E>, finding: &Finding) -> Option<usize> {
    let Place::At(span) = finding.primary.place else { return None };
    let document = judgement.documents().iter().find(|document| document.id == span.document)?;
    matches!(document.outcome, Outcome::Found(Content::Process(_))).then_some(span.part as usize)
}

/// Whether everything that passed passes still, and nothing more is wanted.
fn is_as_good(before: &Report, after: &Report) -> bool {
    let passes = |finding: &Finding| !matches!(finding.status, Status::Fail | Status::Undetermined);
    before.findings.iter().filter(|finding| passes(finding)).all(|finding| find(after, finding).is_some_and(passes))
        && after.unmet.iter().all(|want| before.unmet.contains(want))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rules;
    use crate::bundle::Bundle;
    use crate::target::Target;
    use kubevet_rules::model::Options;

    /// The numbers of the arguments that are kept so that a check passes, and the file afterwards.
    fn kept(args: &[&str], file: &str, check: &str) -> Option<(Vec<usize>, String)> {
        let text = format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{file}");
        let args: Vec<&str> = [&["--config=/k"], args].concat();
        let bundle = serde_json::json!({"id": "t", "version": "1.34", "args": args, "files": {"/k": text}}).to_string();
        let inquiry = Inquiry::new(&Rules, Options::default()).unwrap();
        let source = Rc::new(Bundle::parse(&bundle).unwrap());
        let target = Target { id: "t".into(), version: Some("1.34".into()), source: Box::new(source.clone()) };
        let judgement = target.judge(&inquiry);
        let finding = judgement.report.findings.iter().find(|finding| finding.check == check).cloned().unwrap();
        let (shorter, _) = Shortened::new(judgement, source).without(&finding, &inquiry)?;
        let text = shorter.judgement.documents().iter().find_map(|document| match &document.outcome {
            Outcome::Found(Content::File(bytes)) => Some(String::from_utf8(bytes.clone()).unwrap()),
            _ => None,
        });
        Some((shorter.kept, text.unwrap().lines().skip(2).collect::<Vec<_>>().join("\n")))
    }

    #[test]
    fn a_flag_that_overrides_a_good_file_is_left_out() {
        let good = "readOnlyPort: 0\n";
        assert_eq!(kept(&["--v=2", "--read-only-port=1"], good, "read-only-port").unwrap().0, [0, 1]);
        assert_eq!(kept(&["--read-only-port", "1", "--v=2"], good, "read-only-port").unwrap().0, [0, 3]);
        assert_eq!(
            kept(&["--read-only-port=1", "--v=2", "--read-only-port=2"], good, "read-only-port").unwrap().0,
            [0, 2]
        );
        assert_eq!(kept(&["--anonymous-auth", "--v=2"], "", "anonymous-auth").unwrap().0, [0, 2]);
    }

    #[test]
    fn the_file_is_edited_where_it_has_to_be() {
        let (kept, file) = kept(&["--read-only-port=1"], "readOnlyPort: 10255\n", "read-only-port").unwrap();
        assert_eq!((kept.as_slice(), file.as_str()), (&[0][..], "readOnlyPort: 0"));
    }

    #[test]
    fn what_no_flag_decides_is_left_alone() {
        assert_eq!(kept(&["--v=2"], "readOnlyPort: 10255\n", "read-only-port"), None);
    }

    #[test]
    fn a_flag_that_the_kubelet_does_not_know_is_left_out_so_that_it_starts() {
        assert_eq!(kept(&["--v=2", "--no-such-flag=1"], "", "kubelet-starts").unwrap().0, [0, 1]);
    }
}
