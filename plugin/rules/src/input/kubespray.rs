//! The variables of kubespray.

use alloc::vec::Vec;

use super::base::KUBESPRAY;
use super::closed::{COMMAS, Of};
use super::source::Doc;
use super::{File, Form, Found, Input, tree};
use crate::kubelet::values;
use crate::text::{Member, Node, Value};

pub static FORM: Form = Form { id: "kubespray", sign: "", platform: "kubespray", find };

/// Variables by the settings that they are, of parts parted by slashes.
const VARIABLES: [(&str, &str); 27] = [
    ("kubelet_authentication_token_webhook", "authentication/webhook/enabled"),
    ("kube_read_only_port", "readOnlyPort"),
    ("kubelet_make_iptables_util_chains", "makeIPTablesUtilChains"),
    ("kubelet_protect_kernel_defaults", "protectKernelDefaults"),
    ("kubelet_event_record_qps", "eventRecordQPS"),
    ("kubelet_streaming_connection_idle_timeout", "streamingConnectionIdleTimeout"),
    ("kubelet_rotate_certificates", "rotateCertificates"),
    ("kubelet_rotate_server_certificates", "serverTLSBootstrap"),
    ("kubelet_seccomp_default", "seccompDefault"),
    ("tls_min_version", "tlsMinVersion"),
    ("tls_cipher_suites", "tlsCipherSuites"),
    ("kubelet_max_pods", "maxPods"),
    ("kubelet_pod_pids_limit", "podPidsLimit"),
    ("kubelet_fail_swap_on", "failSwapOn"),
    ("kubelet_image_gc_high_threshold", "imageGCHighThresholdPercent"),
    ("kubelet_image_gc_low_threshold", "imageGCLowThresholdPercent"),
    ("kubelet_cpu_manager_policy", "cpuManagerPolicy"),
    ("kubelet_cpu_manager_policy_options", "cpuManagerPolicyOptions"),
    ("kubelet_topology_manager_policy", "topologyManagerPolicy"),
    ("kubelet_topology_manager_scope", "topologyManagerScope"),
    ("kubelet_cgroup_driver", "cgroupDriver"),
    ("kubelet_bind_address", "address"),
    ("kubelet_status_update_frequency", "nodeStatusUpdateFrequency"),
    ("kubelet_enforce_node_allocatable", "enforceNodeAllocatable"),
    ("kubelet_authorization_mode_webhook", "authorization/mode"),
    ("kubelet_feature_gates", "featureGates"),
    ("kubelet_secure_addresses", ""),
];

/// Maps in the kubelet's own fields; the later one counts.
const MAPS: [&str; 2] = ["kubelet_config_extra_args", "kubelet_node_config_extra_args"];
/// Lists of words; the later ones count.
const FLAGS: [&str; 2] = ["kubelet_custom_flags", "kubelet_node_custom_flags"];

/// A flat object without a kind, with a variable that only kubespray has.
fn find(file: &File, found: &mut Found) {
    let is_own = |key: &str| {
        MAPS.contains(&key)
            || FLAGS.contains(&key)
            || VARIABLES
                .iter()
                .any(|(name, _)| *name == key && *name != "tls_min_version" && *name != "tls_cipher_suites")
    };
    for doc in &file.docs {
        let Some(root) = doc.root().filter(|root| root.get("kind").is_none()) else { continue };
        let Some(first) = tree::members(root).iter().find(|member| is_own(&member.key)) else { continue };
        let mut input = Input::of_doc(&FORM, &KUBESPRAY, doc);
        input.head = first.key_span.clone();
        input.of_version(tree::text(root, "kube_version"));
        for (name, setting) in VARIABLES {
            if let Some(member) = tree::member(root, name).filter(|_| !setting.is_empty()) {
                variable(&mut input, doc, setting, member);
            }
        }
        for map in MAPS.iter().filter_map(|key| root.get(key)).filter(|map| tree::is_object(map)) {
            input.merge(map.clone(), doc.format());
        }
        if doc.is_plain {
            input.editable(doc, root, &[MAPS[0]], None);
        }
        for item in FLAGS.iter().filter_map(|key| root.get(key)).flat_map(tree::items) {
            if let Some(word) = tree::string(item) {
                input.word(word, item.span.clone());
            }
        }
        found.push(input);
    }
}

fn variable(input: &mut Input, doc: &Doc, setting: &str, member: &Member) {
    let path: Vec<&str> = setting.split('/').collect();
    let span = member.value.span.clone();
    match (setting, &member.value.value) {
        ("authorization/mode", Value::Bool(webhook)) => {
            let mode = if *webhook { "Webhook" } else { "AlwaysAllow" };
            input.set_to(doc, &path, &span, Value::String(mode.into()));
        }
        ("featureGates", Value::Array(gates)) => {
            let gate = |node: &Node| {
                let (name, value) = tree::string(node)?.split_once('=')?;
                let value = tree::node(Value::Bool(values::bool(value)?), node.span.clone());
                Some(Member { key: name.into(), key_span: node.span.clone(), value, shadowed: false })
            };
            input.set_to(doc, &path, &span, Value::Object(gates.iter().filter_map(gate).collect()));
        }
        ("enforceNodeAllocatable", Value::String(_)) => {
            if let Of::Other(commas) = &COMMAS
                && let Some(value) = (commas.read)(&member.value)
            {
                input.set_to(doc, &path, &span, value);
            }
        }
        _ => input.set(doc, &path, member),
    }
}
