//! Verdicts where the kubelet that runs is not as the next one to start.

use super::setting::shown;
use super::{Verdict, evidence, in_words, remedy};
use crate::judging::Case;
use crate::kubelet::effective;
use crate::message::message;
use crate::model::{Decided, Place, Status};
use crate::platform::Platform;

/// One verdict of what the next start gets and what runs: the worse one, and which of them it is.
pub fn join(next: Verdict, running: Verdict, platform: &Platform) -> Verdict {
    if weight(running.status) > weight(next.status) {
        return of_running(next, running, platform);
    }
    // A next start of which nothing is known says the same of all checks.
    let is_same = next.message == running.message && next.primary == running.primary;
    if is_same || next.status == Status::Undetermined {
        return next;
    }
    let mut verdict = next;
    let text = text!(
        "the running kubelet {status}: {what}; a restart is pending",
        "稼働中の kubelet は{status}: {what}。再起動待ちです",
        status = in_words(running.status),
        what = running.message.text
    );
    if verdict.status != running.status {
        verdict.message = verdict.message.within(words!("{what} (after the next start)", "{what}（次の起動後）"));
    }
    verdict.notes.push(message("running", text));
    if running.primary.place != Place::Target {
        verdict
            .related
            .push(evidence(running.primary.place, words!("the running kubelet has this", "稼働中の kubelet の値")));
    }
    verdict
}

/// What runs is worse than what the next start gets.
fn of_running(next: Verdict, running: Verdict, platform: &Platform) -> Verdict {
    let said = running.message.within(words!("{what} (in the running kubelet)", "{what}（稼働中の kubelet）"));
    let mut verdict = Verdict { message: said, ..running };
    let text = match next.status {
        Status::Undetermined => next.message.text,
        status => text!(
            "what the next start gets {status}: {what}; a restart is pending",
            "次の起動時の設定は{status}: {what}。再起動待ちです",
            status = in_words(status),
            what = next.message.text
        ),
    };
    verdict.notes.push(message("next-start", text));
    if next.primary.place != Place::Target {
        verdict.related.push(evidence(next.primary.place, words!("the next start gets this", "次の起動時の値")));
    }
    if matches!(next.status, Status::Pass | Status::NotApplicable) {
        verdict.remedies = vec![remedy::plain(remedy::place(platform))];
    }
    verdict
}

fn weight(status: Status) -> u8 {
    match status {
        Status::Fail => 4,
        Status::Undetermined => 3,
        Status::Manual => 2,
        Status::Pass => 1,
        Status::NotApplicable => 0,
    }
}

/// Whether the verdict on a value of the live configuration would depend on which source set it: that is not told.
pub fn source_matters(case: &Case, path: &str, decided: &Decided, fine: bool, accepted: bool) -> Option<Verdict> {
    let is_default = || effective::is_default(case.kubelet.version, path, &decided.value);
    let matters = if fine { case.options.require_explicit } else { accepted && is_default() };
    matters.then(|| {
        let text = text!(
            "it depends on whether a source sets `{setting}` to {value}, or it is the default: the live configuration does not tell",
            "`{setting}` の {value} が指定されたものかデフォルト値かで結果が変わりますが、稼働中の設定からは分かりません",
            setting = path,
            value = shown(&decided.value)
        );
        Verdict::undetermined(message("live-not-enough", text), decided.by.place)
    })
}
