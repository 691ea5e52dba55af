//! The findings that a project bears with.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use kubevet_report::{Notice, Waiver};
use kubevet_rules::Language;
use kubevet_rules::model::{Check, Finding, Severity, Status};
use time::{Date, Month, OffsetDateTime};
use toml::Spanned;

use super::{Pattern, PolicyError, WaiverEntry, line_of};

/// The waivers of a policy, and what becomes of them in a run. They may be asked from several threads.
#[derive(Debug)]
pub struct Waivers {
    file: String,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// A check or a section.
    check: String,
    path: Option<Pattern>,
    node: Option<Pattern>,
    waiver: Waiver,
    line: usize,
    has_expired: bool,
    /// Whether a target was judged that it is for.
    concerned: AtomicBool,
    /// Whether its check was run on one.
    ran: AtomicBool,
    /// Whether a file was left out that it names.
    left_out: AtomicBool,
    /// Whether it was needed.
    used: AtomicBool,
}

/// What a run looked at.
pub struct Scope<'a> {
    /// Whether it was all that is below the policy's folder, and all could be judged.
    pub is_everything: bool,
    /// Whether a check, or one of a section, is among those that the command line asks for.
    pub is_selected: &'a dyn Fn(&str) -> bool,
    /// The policy's folder.
    pub folder: &'a Path,
}

impl Waivers {
    pub(super) fn new(path: &Path, text: &str, entries: Vec<Spanned<WaiverEntry>>) -> Result<Waivers, PolicyError> {
        let today = OffsetDateTime::now_utc().date();
        let entry = |spanned: Spanned<WaiverEntry>| {
            let line = line_of(text, spanned.span().start);
            let refused = |why: &str| PolicyError::new(path, Some(line), why);
            let entry = spanned.into_inner();
            if entry.reason.trim().is_empty() || entry.owner.trim().is_empty() {
                return Err(refused("a waiver has a reason, and an owner who answers for it"));
            }
            let expires = date(&entry.expires).ok_or_else(|| refused("`expires` is a day, such as 2027-01-31"))?;
            Ok(Entry {
                check: entry.check,
                path: entry.path,
                node: entry.node,
                waiver: Waiver { reason: entry.reason, owner: entry.owner, expires: expires.to_string() },
                line,
                has_expired: expires < today,
                concerned: AtomicBool::new(false),
                ran: AtomicBool::new(false),
                left_out: AtomicBool::new(false),
                used: AtomicBool::new(false),
            })
        };
        let entries = entries.into_iter().map(entry).collect::<Result<_, _>>()?;
        Ok(Waivers { file: path.to_string_lossy().into_owned(), entries })
    }

    /// A waiver for a check or section that there is not: it would never hold.
    ///
    /// # Errors
    /// Which, and where.
    pub fn verify(&self, checks: impl FnOnce() -> Vec<Check>) -> Result<(), PolicyError> {
        if self.entries.is_empty() {
            return Ok(());
        }
        let checks = checks();
        let is_known = |name: &str| {
            checks.iter().any(|check| check.id == name || check.sections.iter().any(|section| section.number == name))
        };
        match self.entries.iter().find(|entry| !is_known(&entry.check)) {
            Some(entry) => Err(PolicyError::new(
                Path::new(&self.file),
                Some(entry.line),
                format!("there is no check or section `{}`; `kubevet list` shows the checks", entry.check),
            )),
            None => Ok(()),
        }
    }

    /// The waiver that holds for a finding of a file, whose path is relative to the policy's folder, or of another target.
    pub fn find(&self, path: Option<&Path>, target: &str, finding: &Finding) -> Option<&Waiver> {
        let is_open = matches!(finding.status, Status::Fail | Status::Undetermined);
        let mut held = None;
        for entry in self.entries.iter().filter(|entry| entry.is_for(path, target)) {
            entry.concerned.store(true, Ordering::Relaxed);
            if entry.is_about(finding) {
                entry.ran.store(true, Ordering::Relaxed);
                held = held.or((is_open && !entry.has_expired).then_some(entry));
            }
        }
        let held = held?;
        held.used.store(true, Ordering::Relaxed);
        Some(&held.waiver)
    }

    /// A search leaves out a file, whose path is relative to the policy's folder: who names it may need a waiver all the same.
    pub(super) fn leave_out(&self, path: &Path) {
        let is_for = |entry: &&Entry| entry.path.as_ref().is_some_and(|pattern| pattern.matches(path));
        self.entries.iter().filter(is_for).for_each(|entry| entry.left_out.store(true, Ordering::Relaxed));
    }

    /// What is wrong with them after a run. That one was not needed is known only where its check was run, and all was looked at
    /// that it may be for ([`Entry::is_unused`]).
    pub fn notices(&self, scope: &Scope<'_>, language: Language) -> Vec<Notice> {
        let notice = |entry: &Entry| {
            let (id, message) = if entry.has_expired {
                let (Waiver { expires, owner, .. }, check) = (&entry.waiver, &entry.check);
                let message = language.choose(
                    format!("the waiver of `{check}` has expired on {expires}: {owner} answers for it"),
                    format!("`{check}` の許容期限は {expires} に切れています（担当: {owner}）"),
                );
                ("waiver-expired", message)
            } else if entry.is_unused(scope) {
                let check = &entry.check;
                let message = language.choose(
                    format!("the waiver of `{check}` is not needed: nothing fails that it is for"),
                    format!("`{check}` の許容は不要です。対象のうち失敗したものはありません"),
                );
                ("waiver-unused", message)
            } else {
                return None;
            };
            Some(Notice {
                severity: Severity::Medium,
                id,
                message,
                path: Some(self.file.clone()),
                line: Some(entry.line),
            })
        };
        self.entries.iter().filter_map(notice).collect()
    }
}

impl Entry {
    /// Whether it is certain that nothing needs it. A run over some files, as before a commit, says something of a waiver for
    /// one of these, and nothing of one for a pattern, which may be for others. No run over files looks at nodes.
    fn is_unused(&self, scope: &Scope<'_>) -> bool {
        let is = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        let names = [&self.path, &self.node].into_iter().flatten();
        let is_for_one =
            (self.path.is_some() || self.node.is_some()) && names.clone().all(|name| name.only().is_some());
        if is(&self.used) || is(&self.left_out) || is(&self.concerned) != is(&self.ran) {
            return false;
        }
        if is(&self.ran) {
            return is_for_one || scope.is_everything && self.node.is_none();
        }
        // Nothing was judged that it is for: what it is for is gone, unless it was left out.
        let file = self.path.as_ref().and_then(Pattern::only);
        let is_there = file.is_some_and(|file| scope.folder.join(file).exists());
        scope.is_everything && self.node.is_none() && !is_there && (scope.is_selected)(&self.check)
    }

    fn is_for(&self, path: Option<&Path>, target: &str) -> bool {
        let is_path = self.path.as_ref().is_none_or(|pattern| path.is_some_and(|path| pattern.matches(path)));
        is_path && self.node.as_ref().is_none_or(|pattern| pattern.matches(Path::new(target)))
    }

    fn is_about(&self, finding: &Finding) -> bool {
        finding.check == self.check || finding.sections.iter().any(|section| section.number == self.check)
    }
}

/// The day of a date without a time.
fn date(datetime: &toml::value::Datetime) -> Option<Date> {
    let date = datetime.date.filter(|_| datetime.time.is_none())?;
    Date::from_calendar_date(date.year.into(), Month::try_from(date.month).ok()?, date.day).ok()
}
