//! Files of a repository, in whatever form they say something to a kubelet: each of their inputs is a target.

use std::path::Path;
use std::rc::Rc;

use kubevet_rules::model::{Content, Document, Input, Outcome, Want};

use crate::collect::Source;
use crate::inquiry::Inquiry;
use crate::paths;
use crate::sandbox::SandboxError;
use crate::target::Target;

/// An input, and the file that holds it.
struct Held {
    path: Vec<u8>,
    bytes: Rc<[u8]>,
    id: String,
}

/// The inputs that a file holds, as targets, in their order; none, where the plugin recognises nothing in it. What an input
/// says of its platform and version counts, unless the options of the inquiry say otherwise.
///
/// # Errors
/// Those of the sandbox.
pub fn inputs(path: &Path, bytes: &[u8], inquiry: &Inquiry<'_>) -> Result<Vec<Target>, SandboxError> {
    let name = paths::bytes(path);
    let inputs = inquiry.recognise(&name, bytes)?;
    let bytes: Rc<[u8]> = bytes.into();
    let is_alone = inputs.len() == 1;
    let target = |input: Input| {
        let path = paths::text(path);
        let id = if is_alone { path } else { format!("{path}#{}", input.id) };
        let held = Held { path: name.to_vec(), bytes: Rc::clone(&bytes), id: input.id };
        Target { id, version: input.version, source: Box::new(held) }
    };
    Ok(inputs.into_iter().map(target).collect())
}

impl Source for Held {
    fn answer(&self, want: &Want) -> Outcome {
        match want {
            Want::File(path) if *path == self.path => Outcome::Found(Content::File(self.bytes.to_vec())),
            _ => Outcome::Unavailable,
        }
    }

    fn input(&self) -> Option<(Document, &str)> {
        let answers = Want::File(self.path.clone());
        let outcome = self.answer(&answers);
        Some((Document { id: 0, answers, outcome }, &self.id))
    }
}

#[cfg(test)]
mod tests {
    use kubevet_rules::model::{Options, Place, Status};

    use super::*;
    use crate::bundle::Bundle;
    use crate::sandbox::Sandbox;

    const TWO: &str = "\
apiVersion: kubeadm.k8s.io/v1beta3
kind: JoinConfiguration
nodeRegistration: {kubeletExtraArgs: {read-only-port: \"10255\"}}
---
apiVersion: kubeadm.k8s.io/v1beta3
kind: ClusterConfiguration
kubernetesVersion: v1.30.1
";

    #[test]
    fn each_input_is_a_target_of_its_own_version() {
        let sandbox = Sandbox::new().unwrap();
        let inquiry = Inquiry::new(&sandbox, Options::default()).unwrap();
        let targets = inputs(Path::new("kubeadm.yaml"), TWO.as_bytes(), &inquiry).unwrap();
        let ids: Vec<_> = targets.iter().map(|target| target.id.clone()).collect();
        assert_eq!(ids, ["kubeadm.yaml#kubeadm/init", "kubeadm.yaml#kubeadm/join"]);
        let judged: Vec<_> = targets.into_iter().map(|target| target.judge(&inquiry)).collect();
        for (judgement, status) in judged.iter().zip([Status::Pass, Status::Fail]) {
            assert_eq!(judgement.report.versions, ["1.30"]);
            let port = judgement.report.findings.iter().find(|finding| finding.check == "read-only-port").unwrap();
            assert_eq!(port.status, status, "{}", judgement.id());
            assert!(matches!(port.primary.place, Place::At(span) if span.document == 0));
            let again = judgement.with(judgement.documents().to_vec(), &inquiry).unwrap();
            assert_eq!(again.report, judgement.report);
            let replayed = Bundle::parse(&judgement.bundle().to_line().unwrap()).unwrap();
            let (id, version) = (replayed.id().to_owned(), replayed.version().map(str::to_owned));
            let replayed = Target { id, version, source: Box::new(replayed) }.judge(&inquiry);
            assert_eq!((replayed.id(), &replayed.report), (judgement.id(), &judgement.report));
        }
    }

    #[test]
    fn options_count_more_than_what_the_input_says() {
        let sandbox = Sandbox::new().unwrap();
        let values = vec![("version".to_owned(), "1.34".to_owned()), ("platform".to_owned(), "kops".to_owned())];
        let inquiry = Inquiry::new(&sandbox, Options { values, ..Options::default() }).unwrap();
        let target = inputs(Path::new("kubeadm.yaml"), TWO.as_bytes(), &inquiry).unwrap().remove(0);
        let report = target.judge(&inquiry).report;
        assert_eq!(report.versions, ["1.34"]);
        assert!(report.context.iter().any(|said| said.params.contains(&("platform".into(), "kops".into()))));
    }

    #[test]
    fn what_is_not_recognised_is_no_target() {
        let sandbox = Sandbox::new().unwrap();
        let inquiry = Inquiry::new(&sandbox, Options::default()).unwrap();
        assert!(inputs(Path::new("pod.yaml"), b"kind: Pod\napiVersion: v1\n", &inquiry).unwrap().is_empty());
    }
}
