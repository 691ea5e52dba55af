//! k0s: the worker profiles of a cluster.

use alloc::borrow::ToOwned;

use super::base::K0S;
use super::carrier::commands::install_flags;
use super::{File, Form, Found, Input, MAX_INPUTS, tree};

pub static FORM: Form = Form { id: "k0s", sign: "k0sproject.io/", platform: "k0s", find };

const FORBIDDEN: [&str; 5] = ["clusterDNS", "clusterDomain", "apiVersion", "kind", "staticPodURL"];

fn find(file: &File, found: &mut Found) {
    for doc in &file.docs {
        let Some(root) = doc.root() else { continue };
        let spec = match (doc.kind_of("k0s.k0sproject.io"), doc.kind_of("k0sctl.k0sproject.io")) {
            (Some(("ClusterConfig", _)), _) => root.get("spec"),
            (_, Some(("Cluster", _))) => tree::at(root, &["spec", "k0s", "config", "spec"]),
            _ => continue,
        };
        let version = tree::at(root, &["spec", "k0s", "version"]).and_then(tree::string);
        let profiles = spec.and_then(|spec| spec.get("workerProfiles")).map_or(&[][..], tree::items);
        for (at, profile) in profiles.iter().enumerate().take(MAX_INPUTS) {
            let head = tree::member(profile, "name").map_or(doc.head(), tree::span);
            let mut input = Input::new(&FORM, &K0S, profile.span.clone(), head);
            input.id = format!("k0s/workerProfiles[{at}]");
            input.name = tree::text(profile, "name").unwrap_or_default().to_owned();
            input.of_version(version);
            input.configure(doc, profile, &["values"]);
            input.take_none(&FORBIDDEN);
            input.refuse_own("k0s", profile.get("values"), &FORBIDDEN);
            found.push(input);
        }
        for host in tree::at(root, &["spec", "hosts"]).map_or(&[][..], tree::items) {
            let mut input = host.get("installFlags").and_then(|flags| install_flags(file, flags));
            input.iter_mut().for_each(|input| input.of_version(version));
            found.extend(input.into_iter());
        }
        if profiles.is_empty() {
            // Workers without a profile have k0s's own.
            let mut input = Input::of_doc(&FORM, &K0S, doc);
            input.of_version(version);
            found.push(input);
        }
    }
}
