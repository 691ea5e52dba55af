//! What the plugin is asked about a target, with the user's options.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use kubevet_rules::model::{Check, Document, Input, Options, Report, Want};

use crate::Plugin;

/// The key of the option that says which version a kubelet has.
const VERSION: &str = "version";

/// The key of the option that says which input of a file is judged.
const INPUT: &str = "input";

/// For how many versions inquiries are kept: more than there are of kubelets that run side by side.
const KEPT: usize = 64;

/// The plugin, asked with certain options.
pub struct Inquiry<'a, P> {
    plugin: &'a P,
    /// What it is asked with.
    options: Options,
    /// The plans for no document and for the last process, which several places ask for. A plugin gives the same answer
    /// for the same bytes (`wit/scanner.wit`), so it is not asked again.
    plans: RefCell<Vec<(Vec<Document>, Vec<Want>)>>,
    /// Those of versions: targets mostly share a few.
    of_versions: RefCell<HashMap<String, Rc<Inquiry<'a, P>>>>,
}

impl<'a, P: Plugin> Inquiry<'a, P> {
    /// Asks with these options.
    ///
    /// # Errors
    /// What the plugin says to options that it does not take.
    pub fn new(plugin: &'a P, options: Options) -> Result<Self, String> {
        let inquiry = Self::with(plugin, options);
        if inquiry.options.values.is_empty() && inquiry.options.checks.is_empty() {
            return Ok(inquiry);
        }
        // Whatever else is wrong is wrong with every target, and is told there.
        match inquiry.plan(&[]).err().and_then(P::bad_option) {
            Some(text) => Err(text),
            None => Ok(inquiry),
        }
    }

    fn with(plugin: &'a P, options: Options) -> Self {
        Self { plugin, options, plans: RefCell::default(), of_versions: RefCell::default() }
    }

    /// The same for a target of this version, unless the options name one.
    #[must_use]
    pub fn of_version(&self, version: &str) -> Rc<Inquiry<'a, P>> {
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
        let inquiry = Rc::new(Self::with(self.plugin, options));
        of_versions.insert(version.to_owned(), inquiry.clone());
        inquiry
    }

    /// The same for one input of a file. Its platform and its version count, unless the options name others.
    #[must_use]
    pub fn of_input(&self, id: &str) -> Inquiry<'a, P> {
        let mut options = self.options.clone();
        options.values.push((INPUT.into(), id.into()));
        Self::with(self.plugin, options)
    }

    /// The inputs that a file holds.
    ///
    /// # Errors
    /// Those of the plugin.
    pub fn recognise(&self, name: &[u8], content: &[u8]) -> Result<Vec<Input>, P::Error> {
        self.plugin.recognise(name, content, &self.options.language)
    }

    /// The version that the options name.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.options.values.iter().find(|(key, _)| key == VERSION).map(|(_, version)| version.as_str())
    }

    /// All checks that there are; none where the plugin cannot even tell them.
    #[must_use]
    pub fn all_checks(&self) -> Vec<Check> {
        let description = self.plugin.describe(&self.options.language);
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
    /// Those of the plugin.
    pub fn plan(&self, documents: &[Document]) -> Result<Vec<Want>, P::Error> {
        if let Some((_, wants)) = self.plans.borrow().iter().find(|(known, _)| known == documents) {
            return Ok(wants.clone());
        }
        let wants = self.plugin.plan(documents, &self.options)?;
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
    /// Those of the plugin.
    pub fn evaluate(&self, documents: &[Document]) -> Result<Report, P::Error> {
        self.plugin.evaluate(documents, &self.options)
    }
}
