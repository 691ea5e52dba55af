//! What the plugin is asked about a target: through the sandbox.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use kubevet_judge::Plugin;
use kubevet_rules::model::{self, Check, Description, Document, Input, Options, Report, Want};

use crate::policy::Settings;
use crate::sandbox::{Sandbox, SandboxError};

/// The plugin in its sandbox, asked with certain options.
pub type Inquiry<'a> = kubevet_judge::Inquiry<'a, Sandbox>;

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

    /// All checks that there are; none where the plugin cannot even tell them.
    #[must_use]
    pub fn all_checks(&self) -> Vec<Check> {
        self.sandbox.describe(&self.options.language).map(|description| description.checks).unwrap_or_default()
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

impl Plugin for Sandbox {
    type Error = SandboxError;

    fn describe(&self, language: &str) -> Result<Description, SandboxError> {
        Sandbox::describe(self, language)
    }

    fn recognise(&self, name: &[u8], content: &[u8], language: &str) -> Result<Vec<Input>, SandboxError> {
        Sandbox::recognise(self, name, content, language)
    }

    fn plan(&self, documents: &[Document], options: &Options) -> Result<Vec<Want>, SandboxError> {
        Sandbox::plan(self, documents, options)
    }

    fn evaluate(&self, documents: &[Document], options: &Options) -> Result<Report, SandboxError> {
        Sandbox::evaluate(self, documents, options)
    }

    fn bad_option(error: SandboxError) -> Option<String> {
        match error {
            SandboxError::Declined(model::Error::BadOption(text)) => Some(text),
            _ => None,
        }
    }
}
