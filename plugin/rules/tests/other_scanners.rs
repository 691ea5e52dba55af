//! Where other scanners go wrong: a test for each row of `docs/other-scanners.md` that the rules alone decide.
#![allow(missing_docs, clippy::unwrap_used, reason = "the helpers of tests are tests, too")]

mod support;

use kubevet_rules::model::Status::{self, Fail, NotApplicable, Pass, Undetermined};
use support::Node;

const CHAINS: &str = "make-iptables-util-chains";

fn flags(flags: &str) -> Node {
    Node::new(flags).option("version", "1.34")
}

fn file(text: &str) -> Node {
    flags("").config(text)
}

fn by(edition: &str, node: &Node, check: &str) -> Status {
    node.clone().option("benchmark", edition).status(check)
}

#[test]
fn row_a1_the_text_of_a_flag_in_another_value_is_no_flag() {
    let hidden = file("makeIPTablesUtilChains: false").argument("--provider-id=--make-iptables-util-chains=true");
    assert_eq!(hidden.status(CHAINS), Fail);
}

#[test]
fn row_a2_the_last_flag_wins() {
    assert_eq!(flags("--make-iptables-util-chains=true --make-iptables-util-chains=false").status(CHAINS), Fail);
    assert_eq!(flags("--make-iptables-util-chains=false --make-iptables-util-chains=true").status(CHAINS), Pass);
}

#[test]
fn row_a3_a_value_may_stand_in_the_next_word() {
    assert_eq!(flags("--authorization-mode AlwaysAllow").status("authorization-mode"), Fail);
    assert_eq!(flags("--streaming-connection-idle-timeout 0").status("streaming-connection-idle-timeout"), Fail);
    assert_eq!(flags("--read-only-port 0").status("read-only-port"), Pass);
}

#[test]
fn row_a4_an_underscore_is_a_dash() {
    assert_eq!(flags("--make_iptables_util_chains=false").status(CHAINS), Fail);
}

#[test]
fn row_a5_true_and_false_have_six_spellings_each() {
    for (words, status) in
        [("1 t T TRUE true True", Pass), ("0 f F FALSE false False", Fail), ("yes tRUE", Undetermined)]
    {
        for word in words.split(' ') {
            assert_eq!(flags(&format!("--make-iptables-util-chains={word}")).status(CHAINS), status, "{word}");
        }
    }
    assert_eq!(flags("--anonymous-auth=0").status("anonymous-auth"), Pass);
}

#[test]
fn row_a7b_a_good_default_is_no_failure() {
    for (edition, checks) in [
        ("cis-1.6-k3s", vec!["anonymous-auth", "read-only-port", CHAINS]),
        ("k3s-cis-1.9", vec!["anonymous-auth", "authorization-mode", "read-only-port"]),
    ] {
        for check in checks {
            assert_eq!(by(edition, &file(""), check), Pass, "{edition} {check}");
        }
    }
}

#[test]
fn row_a8_a_file_is_judged_without_a_process() {
    assert_eq!(file("makeIPTablesUtilChains: false").status(CHAINS), Fail);
    assert_eq!(file("makeIPTablesUtilChains: true").status(CHAINS), Pass);
}

#[test]
fn row_a9_a_gate_is_found_anywhere_in_the_list() {
    let check = "rotate-kubelet-server-certificate";
    let gates = |list: &str| flags(&format!("--rotate-server-certificates --feature-gates={list}"));
    for list in [
        "RotateKubeletServerCertificate=true,CPUManagerPolicyAlphaOptions=false",
        "CPUManagerPolicyAlphaOptions=false,RotateKubeletServerCertificate=true",
    ] {
        assert_eq!(by("eks-1.8.0", &gates(list), check), Pass, "{list}");
    }
    let off = flags("--feature-gates=RotateKubeletServerCertificate=false,CPUManagerPolicyAlphaOptions=true");
    assert_eq!(by("cis-1.12", &off, check), Fail);
}

#[test]
fn row_a10_names_are_compared_and_never_searched() {
    assert_eq!(flags("--make.iptables.util.chains=false").status("kubelet-starts"), Fail);
    assert_eq!(flags("--provider-id=(+[").status(CHAINS), Pass);
}

#[test]
fn row_a11_a_value_may_hold_blanks() {
    let node = flags("--make-iptables-util-chains=false").argument("--provider-id=a --make-iptables-util-chains=true");
    assert_eq!(node.status(CHAINS), Fail);
}

#[test]
fn row_b1_the_file_that_the_kubelet_names_counts() {
    let node = flags("--config=/opt/anywhere/k.yaml")
        .kubelet_file("/var/lib/kubelet/config.yaml", "makeIPTablesUtilChains: true")
        .kubelet_file("/opt/anywhere/k.yaml", "makeIPTablesUtilChains: false");
    assert_eq!(node.status(CHAINS), Fail);
}

#[test]
fn row_b2_the_file_of_the_cloud_provider_is_no_configuration() {
    let node = flags("--config=/etc/default/kubeletconfig.json")
        .file("/etc/kubernetes/azure.json", "{\"aadClientSecret\": \"s\"}")
        .kubelet_file("/etc/default/kubeletconfig.json", "makeIPTablesUtilChains: false");
    assert_eq!(by("aks-1.8", &node, CHAINS), Fail);
    assert_eq!(by("aks-1.8", &node, "anonymous-auth"), Pass);
}

#[test]
fn row_b4_a_unit_is_no_configuration() {
    let node = flags("--config=/k").file("/k", "[Service]\nExecStart=/usr/bin/kubelet\n");
    assert_eq!((node.status(CHAINS), node.status("kubelet-starts")), (Undetermined, Fail));
}

#[test]
fn row_b5_drop_ins_are_merged_in_their_order() {
    let node = |first: &str, last: &str| {
        file("makeIPTablesUtilChains: true")
            .argument("--config-dir=/d")
            .kubelet_file("/d/10.conf", first)
            .kubelet_file("/d/20.conf", last)
    };
    let set = |value: bool| format!("makeIPTablesUtilChains: {value}");
    assert_eq!(node(&set(true), &set(false)).status(CHAINS), Fail);
    assert_eq!(node(&set(false), &set(true)).status(CHAINS), Pass);
    assert_eq!(node(&set(false), "").argument("--make-iptables-util-chains").status(CHAINS), Pass);
}

#[test]
fn row_b6_a_directory_without_a_file_is_enough() {
    let node = flags("--config-dir=/d --make-iptables-util-chains").kubelet_file("/d/99.conf", "maxPods: 10");
    assert_eq!(by("rke2-cis-1.8", &node, CHAINS), Pass);
    assert_eq!(node.status("anonymous-auth"), Fail, "drop-ins alone start from the older defaults");
}

#[test]
fn row_b7_a_file_that_may_not_be_read_says_nothing_and_a_flag_still_counts() {
    let node = flags("--config=/k").denied("/k");
    assert_eq!((node.status(CHAINS), node.status("kubelet-starts")), (Undetermined, Undetermined));
    assert_eq!(node.argument("--make-iptables-util-chains").status(CHAINS), Pass);
}

#[test]
fn row_b9_a_path_may_hold_blanks_and_quotes() {
    let node = flags("").argument("--config=/a b/'k'").kubelet_file("/a b/'k'", "makeIPTablesUtilChains: false");
    assert_eq!(node.status(CHAINS), Fail);
}

#[test]
fn row_b10_a_broken_file_stops_the_kubelet() {
    let node = file("makeIPTablesUtilChains: [true");
    assert_eq!((node.status(CHAINS), node.status("kubelet-starts")), (Undetermined, Fail));
}

#[test]
fn row_b11_kind_case_and_type_matter() {
    let other_kind = flags("--config=/k").file("/k", "{\"tenantId\": \"t\"}");
    assert_eq!((other_kind.status(CHAINS), other_kind.status("kubelet-starts")), (Undetermined, Fail));
    let other_case = file("MakeIPTablesUtilChains: false");
    assert_eq!(other_case.status(CHAINS), Pass);
    let problems = other_case.report(&[CHAINS]).problems;
    assert!(problems.iter().any(|problem| problem.message.text.contains("did you mean")), "{problems:?}");
    assert_eq!(file("makeIPTablesUtilChains: \"true\"").status(CHAINS), Undetermined);
    let second = file("makeIPTablesUtilChains: true\n---\nmakeIPTablesUtilChains: false");
    assert_eq!(second.status(CHAINS), Pass, "only the first document is read");
}

#[test]
fn row_b12_null_is_unset() {
    for null in ["null", "~", ""] {
        assert_eq!(file(&format!("makeIPTablesUtilChains: {null}")).status(CHAINS), Pass, "{null}");
    }
}

#[test]
fn row_b13_a_flag_wins_over_the_file() {
    let node = file("makeIPTablesUtilChains: true").argument("--make-iptables-util-chains=false");
    assert_eq!(node.status(CHAINS), Fail);
}

#[test]
fn row_b14_and_b15_the_verdict_names_the_one_source_that_decides() {
    let finding = file("makeIPTablesUtilChains: true").argument("--make-iptables-util-chains=false").finding(CHAINS);
    assert_eq!(finding.primary.label.text, "this flag wins; must be `true`");
    assert_eq!(finding.related.len(), 1, "the file that is overridden");
}

#[test]
fn row_c1_defaults_are_those_of_the_kubelet() {
    for check in ["anonymous-auth", "authorization-mode", "read-only-port"] {
        assert_eq!((file("").status(check), flags("").status(check)), (Pass, Fail), "{check}");
    }
}

#[test]
fn row_c2_the_authorization_mode_is_that_of_its_own_flag() {
    let node = flags("--anonymous-auth=false --authorization-mode=AlwaysAllow");
    assert_eq!(by("aks-1.8", &node, "authorization-mode"), Fail);
}

#[test]
fn row_c3_the_flag_counts_where_the_file_is_silent() {
    let node = file("").argument("--make-iptables-util-chains=false");
    assert_eq!(by("gke-1.6.0", &node, CHAINS), Fail);
}

#[test]
fn row_c4_openshift_is_judged_by_the_effective_values() {
    for check in ["streaming-connection-idle-timeout", CHAINS, "event-qps"] {
        assert_eq!(by("rh-1.8", &file(""), check), Pass, "{check}");
    }
    assert_eq!(by("rh-1.8", &file("makeIPTablesUtilChains: false"), CHAINS), Fail);
}

#[test]
fn row_c5_five_minutes_are_fine() {
    let node = flags("--streaming-connection-idle-timeout=5m");
    assert_eq!(by("k3s-cis-1.9", &node, "streaming-connection-idle-timeout"), Pass);
}

#[test]
fn row_c6_zero_is_a_duration_and_not_a_text() {
    let check = "streaming-connection-idle-timeout";
    for zero in ["0", "0s", "0m0s", "0h"] {
        assert_eq!(flags(&format!("--{check}={zero}")).status(check), Fail, "{zero}");
        assert_eq!(file(&format!("streamingConnectionIdleTimeout: '{zero}'")).status(check), Pass, "four hours");
    }
}

#[test]
fn row_c7_zero_events_a_second_is_no_limit() {
    let node = flags("--event-qps=50");
    let finding = node.clone().option("benchmark", "aks-1.8").finding("event-qps");
    assert_eq!(finding.status, Fail);
    assert!(
        finding.notes.iter().any(|note| note.id == "no-limit"),
        "the edition is followed, and what it means is said"
    );
    assert_eq!(by("cis-1.12", &node, "event-qps"), Pass);
}

#[test]
fn row_c8_the_gate_alone_renews_nothing() {
    let check = "rotate-kubelet-server-certificate";
    assert_eq!(by("eks-1.8.0", &file("serverTLSBootstrap: true"), check), Pass);
    assert_eq!(by("eks-1.8.0", &file("featureGates: {RotateKubeletServerCertificate: true}"), check), Fail);
}

#[test]
fn row_c9_a_weak_default_passes_with_a_note_and_not_when_strict() {
    let finding = file("").finding("rotate-certificates");
    assert_eq!((finding.status, &*finding.notes[0].id), (Pass, "weaker-default"));
    assert_eq!(file("").option("strict", "true").status("rotate-certificates"), Fail);
}

#[test]
fn row_c10_presence_is_not_enough() {
    assert_eq!(file("seccompDefault: false").status("seccomp-default"), Fail);
    assert_eq!(file("podPidsLimit: -1").status("pod-pids-limit"), Fail);
}

#[test]
fn row_c11_suites_are_known_by_all_their_names() {
    let suites = |suites: &str| flags(&format!("--tls-cipher-suites={suites}"));
    let check = "tls-cipher-suites";
    let fine = "TLS_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
    assert_eq!(by("cis-1.12", &suites(fine), check), Pass);
    let with_rsa = "TLS_RSA_WITH_AES_256_GCM_SHA384";
    assert_eq!((by("cis-1.11", &suites(with_rsa), check), by("cis-1.12", &suites(with_rsa), check)), (Pass, Fail));
    assert_eq!(by("cis-1.12", &suites(""), check), Fail);
}

#[test]
fn row_c12_a_property_of_the_unit_is_for_a_person() {
    assert_eq!(by("cis-1.11", &file(""), "ip-address-deny"), Status::Manual);
}

#[test]
fn row_c13_a_certificate_may_be_issued_by_the_cluster() {
    assert_eq!(file("serverTLSBootstrap: true").status("tls-cert-and-key"), Pass);
    assert_eq!(file("").status("tls-cert-and-key"), Fail);
}

#[test]
fn row_c14_each_check_looks_at_what_it_is_about() {
    assert_eq!(by("gke-1.6.0", &file("eventRecordQPS: 0"), "event-qps"), Pass);
    assert_eq!(by("cis-1.6-k3s", &flags("--event-qps=0"), "event-qps"), Pass);
    assert_eq!(by("cis-1.12", &file(""), "proxy-metrics-bind-address"), Status::Manual);
}

#[test]
fn row_c15_tkgi_is_judged_by_the_effective_values() {
    assert_eq!(by("tkgi-1.2.53", &flags(""), CHAINS), Pass);
    assert_eq!(by("tkgi-1.2.53", &flags("--authorization-mode=Webhook"), "authorization-mode"), Pass);
}

#[test]
fn row_c16_what_a_section_says_of_itself_changes_no_verdict() {
    let finding = file("makeIPTablesUtilChains: false").option("benchmark", "rh-1.8").finding(CHAINS);
    assert_eq!((finding.status, finding.sections[0].automated), (Fail, false));
}

#[test]
fn row_c17_a_check_runs_by_its_name_where_no_section_asks_for_it() {
    assert_eq!(by("gke-1.9.0", &file("makeIPTablesUtilChains: false"), CHAINS), Fail);
}

#[test]
fn row_d1_a_file_that_need_not_be_there_does_not_apply() {
    let node = flags("--kubeconfig=/k").running();
    for check in ["proxy-kubeconfig-file", "kubelet-service-file", "kubelet-config-file"] {
        for attribute in ["perms", "owner"] {
            assert_eq!(by("cis-1.12", &node, &format!("{check}-{attribute}")), NotApplicable, "{check}");
        }
    }
    assert_eq!(by("cis-1.12", &node, "kubelet-kubeconfig-file-perms"), Fail, "the kubelet is told to read this one");
}

#[test]
fn row_d1b_kube_proxys_file_can_fail() {
    let node = flags("").running().looks("/var/lib/kube-proxy/kubeconfig 777 1000:0");
    for check in ["proxy-kubeconfig-file-perms", "proxy-kubeconfig-file-owner"] {
        assert_eq!(by("cis-1.6", &node, check), Fail);
    }
}

#[test]
fn row_d2_and_d3_owners_are_numbers() {
    for (owner, status) in [("0:0", Pass), ("1000:0", Fail), ("0:1000", Fail)] {
        let node = flags("--kubeconfig=/k").running().looks(&format!("/k 600 {owner}"));
        assert_eq!(by("cis-1.12", &node, "kubelet-kubeconfig-file-owner"), status, "{owner}");
    }
}

#[test]
fn row_d4_a_mode_is_bits() {
    let judge = |edition: &str, mode: &str| {
        let node = flags("--kubeconfig=/k").running().looks(&format!("/k {mode} 0:0"));
        by(edition, &node, "kubelet-kubeconfig-file-perms")
    };
    for mode in ["600", "400", "0", "1600", "100600"] {
        assert_eq!((judge("rke2-cis-1.24", mode), judge("k3s-cis-1.23", mode)), (Pass, Pass), "{mode}");
    }
    assert_eq!((judge("rke2-cis-1.24", "640"), judge("k3s-cis-1.23", "640")), (Fail, Pass));
    assert_eq!((judge("rke2-cis-1.24", "601"), judge("k3s-cis-1.23", "664")), (Fail, Fail));
}

#[test]
fn row_d5_the_authority_is_that_of_the_effective_configuration() {
    let node = file("authentication: {x509: {clientCAFile: ca.crt}}").running();
    assert_eq!(
        by("cis-1.12", &node.clone().looks("/etc/ca.crt 644 0:0"), "client-ca-file-perms"),
        Pass,
        "beside the file"
    );
    assert_eq!(by("cis-1.12", &node.looks("/etc/ca.crt 666 0:0"), "client-ca-file-perms"), Fail);
}

#[test]
fn row_d6_the_cloud_providers_file_is_looked_at_besides() {
    let node = file("").running().looks("/etc/kubelet.yaml 644 0:0").looks("/etc/kubernetes/azure.json 666 0:0");
    for edition in ["aks-1.7", "aks-1.8"] {
        assert_eq!(by(edition, &node, "kubelet-config-file-perms"), Fail);
        assert_eq!(by(edition, &node, "kubelet-config-file-owner"), Pass);
    }
}
