//! What the plugin is asked about a target, with the user's options.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use kubevet_rules::model::{Check, Document, Error, Input, Options, Report, Want};

use crate::policy::Settings;
use crate::sandbox::{Sandbox, SandboxError};

/// The key of the option that says which version a kubelet has.
const VERSION: &str = "version";

/// The key of the option that says which input of a file is judged.
const INPUT: &str = "input";

/// For how many versions inquiries are kept: more than there are of kubelets that run side by side.
const KEPT: usize = 64;

/// The plugin, asked with certain options.
pub struct Inquiry<'a> {
    sandbox: &'a Sandbox,
    options: Options,
    /// The plans for no document and for the last process, which several places ask for. A plugin gives the same answer
    /// for the same bytes (`wit/scanner.wit`), so it is not asked again.
    plans: RefCell<Vec<(Vec<Document>, Vec<Want>)>>,
    /// Those of versions: targets mostly share a few.
    of_versions: RefCell<HashMap<String, Rc<Inquiry<'a>>>>,
}

/// Inquiries by how things are judged, which is not the same for all files of a project.
pub struct Inquiries<'a> {
    sandbox: &'a Sandbox,
    /// What is the same for all.
    options: Options,
    by_settings: RefCell<HashMap<Settings, Rc<Inquiry<'a>>>>,
}

impl<'a> Inquiries<'a> {
    /// Asks with these options, and with those of settings.
    #[must_use]
    pub fn new(sandbox: &'a Sandbox, options: Options) -> Self {
        Self { sandbox, options, by_settings: RefCell::default() }
    }

    /// What is the same for all.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The plugin, asked for what is judged so.
    ///
    /// # Errors
    /// What the plugin says to options that it does not take.
    pub fn of(&self, settings: &Settings) -> Result<Rc<Inquiry<'a>>, String> {
        if let Some(known) = self.by_settings.borrow().get(settings) {
            return Ok(Rc::clone(known));
        }
        let mut options = self.options.clone();
        options.values.extend(settings.values());
        let inquiry = Rc::new(Inquiry::new(self.sandbox, options)?);
        self.by_settings.borrow_mut().insert(settings.clone(), Rc::clone(&inquiry));
        Ok(inquiry)
    }
}

impl<'a> Inquiry<'a> {
    /// Asks with these options.
    ///
    /// # Errors
    /// What the plugin says to options that it does not take.
    pub fn new(sandbox: &'a Sandbox, options: Options) -> Result<Self, String> {
        let inquiry = Self::with(sandbox, options);
        if inquiry.options.values.is_empty() && inquiry.options.checks.is_empty() {
            return Ok(inquiry);
        }
        match inquiry.plan(&[]) {
            Err(SandboxError::Declined(Error::BadOption(text))) => Err(text),
            // Whatever else is wrong is wrong with every target, and is told there.
            _ => Ok(inquiry),
        }
    }

    fn with(sandbox: &'a Sandbox, options: Options) -> Self {
        Self { sandbox, options, plans: RefCell::default(), of_versions: RefCell::default() }
    }

    /// The same for a target of this version, unless the options name one.
    #[must_use]
    pub fn of_version(&self, version: &str) -> Rc<Inquiry<'a>> {
        let mut of_versions = self.of_versions.borrow_mut();
        if let Some(known) = of_versions.get(version) {
            return known.clone();
        }
        let mut options = self.options.clone();
        if self.version().is_none() {
            options.values.push((VERSION.into(), version.into()));
        }
        if of_versions.len() == KEPT {
            of_versions.clear();
        }
        let inquiry = Rc::new(Self::with(self.sandbox, options));
        of_versions.insert(version.to_owned(), inquiry.clone());
        inquiry
    }

    /// The same for one input of a file. Its platform and its version count, unless the options name others.
    #[must_use]
    pub fn of_input(&self, id: &str) -> Inquiry<'a> {
        let mut options = self.options.clone();
        options.values.push((INPUT.into(), id.into()));
        Self::with(self.sandbox, options)
    }

    /// The inputs that a file holds.
    ///
    /// # Errors
    /// Those of the sandbox.
    pub fn recognise(&self, name: &[u8], content: &[u8]) -> Result<Vec<Input>, SandboxError> {
        self.sandbox.recognise(name, content, &self.options.language)
    }

    /// The version that the options name.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.options.values.iter().find(|(key, _)| key == VERSION).map(|(_, version)| version.as_str())
    }

    /// All checks that there are; none where the plugin cannot even tell them.
    #[must_use]
    pub fn all_checks(&self) -> Vec<Check> {
        let description = self.sandbox.describe(&self.options.language);
        description.map(|description| description.checks).unwrap_or_default()
    }

    /// The checks that are asked for; none where the plugin cannot even tell them.
    #[must_use]
    pub fn checks(&self) -> Vec<Check> {
        let chosen = &self.options.checks;
        // One that decides whether the target works at all always runs; it comes first.
        let is_chosen =
            |(index, check): &(usize, Check)| *index == 0 || chosen.is_empty() || chosen.contains(&check.id);
        self.all_checks().into_iter().enumerate().filter(is_chosen).map(|(_, check)| check).collect()
    }

    /// What the plugin wants beside these documents.
    ///
    /// # Errors
    /// Those of the sandbox.
    pub fn plan(&self, documents: &[Document]) -> Result<Vec<Want>, SandboxError> {
        if let Some((_, wants)) = self.plans.borrow().iter().find(|(known, _)| known == documents) {
            return Ok(wants.clone());
        }
        let wants = self.sandbox.plan(documents, &self.options)?;
        if documents.len() <= 1 {
            let mut plans = self.plans.borrow_mut();
            plans.truncate(1);
            plans.push((documents.to_vec(), wants.clone()));
        }
        Ok(wants)
    }

    /// The judgement on these documents.
    ///
    /// # Errors
    /// Those of the sandbox.
    pub fn evaluate(&self, documents: &[Document]) -> Result<Report, SandboxError> {
        self.sandbox.evaluate(documents, &self.options)
    }
}
