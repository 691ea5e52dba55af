//! The system configuration of GKE's node pools: `gcloud container node-pools update --system-config-from-file`.

use alloc::string::String;

use super::base::GKE;
use super::closed::{CAPITAL, Key, Of, PORT, SECONDS, Table, table};
use super::{File, Form, Found, Input, tree};
use crate::text::Value;

pub static FORM: Form = Form { id: "gke-system-config", sign: "", platform: "gke", find };

macro_rules! signals {
    ($map:literal) => {
        Of::Below(&[
            Key("memoryAvailable", concat!($map, "/memory.available"), Of::Same),
            Key("nodefsAvailable", concat!($map, "/nodefs.available"), Of::Same),
            Key("nodefsInodesFree", concat!($map, "/nodefs.inodesFree"), Of::Same),
            Key("imagefsAvailable", concat!($map, "/imagefs.available"), Of::Same),
            Key("imagefsInodesFree", concat!($map, "/imagefs.inodesFree"), Of::Same),
            Key("pidAvailable", concat!($map, "/pid.available"), Of::Same),
        ])
    };
}

pub static TABLE: Table = table!(
    "GKE": [
        Key("insecureKubeletReadonlyPortEnabled", "readOnlyPort", PORT),
        Key("imageGcHighThresholdPercent", "imageGCHighThresholdPercent", Of::Within(10, 85)),
        Key("imageGcLowThresholdPercent", "imageGCLowThresholdPercent", Of::Within(10, 85)),
        Key("imageMinimumGcAge", "imageMinimumGCAge", Of::Same),
        Key("imageMaximumGcAge", "imageMaximumGCAge", Of::Same),
        Key(
            "topologyManager",
            "topologyManager",
            Of::Below(&[
                Key("policy", "topologyManagerPolicy", Of::Same),
                Key("scope", "topologyManagerScope", Of::Same),
            ]),
        ),
        Key("memoryManager", "memoryManager", Of::Below(&[Key("policy", "memoryManagerPolicy", CAPITAL)])),
        Key("singleProcessOomKill", "singleProcessOOMKill", Of::Same),
        Key("nodeSwapSizeGib", "", Of::Nothing),
        Key("evictionSoft", "evictionSoft", signals!("evictionSoft")),
        Key("evictionSoftGracePeriod", "evictionSoftGracePeriod", signals!("evictionSoftGracePeriod")),
        Key("evictionMinimumReclaim", "evictionMinimumReclaim", signals!("evictionMinimumReclaim")),
        Key("evictionMaxPodGracePeriodSeconds", "evictionMaxPodGracePeriod", Of::Within(0, 300)),
        Key("podPidsLimit", "podPidsLimit", Of::Within(1024, 4_194_303)),
        Key("containerLogMaxFiles", "containerLogMaxFiles", Of::Within(2, 10)),
        Key("maxParallelImagePulls", "maxParallelImagePulls", Of::Within(2, 5)),
        Key("shutdownGracePeriodSeconds", "shutdownGracePeriod", SECONDS),
        Key("shutdownGracePeriodCriticalPodsSeconds", "shutdownGracePeriodCriticalPods", SECONDS),
    ],
    "cpuManagerPolicy" "cpuCFSQuota" "cpuCFSQuotaPeriod" "allowedUnsafeSysctls" "containerLogMaxSize"
);

fn rename(path: &str, value: &Value) -> Option<(String, Value)> {
    TABLE.renamed(path, value)
}

fn find(file: &File, found: &mut Found) {
    for doc in &file.docs {
        let Some(root) = doc.root().filter(|root| root.get("kubeletConfig").is_some()) else { continue };
        let is_known = |key: &str| matches!(key, "kubeletConfig" | "linuxConfig");
        if tree::members(root).iter().all(|member| is_known(&member.key)) {
            found.push(Input::of_doc(&FORM, &GKE, doc).closed(doc, root, &["kubeletConfig"], &TABLE, rename));
        }
    }
}
