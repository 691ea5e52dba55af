//! k0s: the worker profiles of a cluster.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::base::K0S;
use super::{File, Form, Input, tree};

pub static FORM: Form = Form { id: "k0s", sign: "k0sproject.io/", platform: "k0s", find };

const FORBIDDEN: [&str; 5] = ["clusterDNS", "clusterDomain", "apiVersion", "kind", "staticPodURL"];

fn find(file: &File, found: &mut Vec<Input>) {
    for doc in &file.docs {
        let Some(root) = doc.root() else { continue };
        let spec = match (doc.kind_of("k0s.k0sproject.io"), doc.kind_of("k0sctl.k0sproject.io")) {
            (Some(("ClusterConfig", _)), _) => root.get("spec"),
            (_, Some(("Cluster", _))) => tree::at(root, &["spec", "k0s", "config", "spec"]),
            _ => continue,
        };
        let version = tree::at(root, &["spec", "k0s", "version"]).and_then(tree::string);
        let profiles = spec.and_then(|spec| spec.get("workerProfiles")).map_or(&[][..], tree::items);
        for (at, profile) in profiles.iter().enumerate() {
            let head = tree::member(profile, "name").map_or(doc.head(), tree::span);
            let mut input = Input::new(&FORM, &K0S, profile.span.clone(), head);
            input.id = format!("k0s/workerProfiles[{at}]");
            input.name = tree::text(profile, "name").unwrap_or_default().to_owned();
            input.of_version(version);
            input.configure(doc, profile, &["values"]);
            let values = profile.get("values").map_or(&[][..], tree::members);
            for member in values.iter().filter(|member| FORBIDDEN.contains(&member.key.as_str())) {
                let text = text!(
                    "k0s rejects `{key}` in a profile: it sets that itself",
                    "k0s はプロファイルの `{key}` を拒否します（k0s 自身が設定するため）",
                    key = &*member.key
                );
                input.refuse("forbidden-key", text, &member.key_span);
            }
            found.push(input);
        }
        if profiles.is_empty() {
            // Workers without a profile have k0s's own.
            let mut input = Input::of_doc(&FORM, &K0S, doc);
            input.of_version(version);
            found.push(input);
        }
    }
}
