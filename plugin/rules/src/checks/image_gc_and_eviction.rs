//! `image-gc-and-eviction`

use super::prelude::*;
use crate::judging::remedy;

pub const CHECK: Check = Check {
    id: "image-gc-and-eviction",
    kind: CheckKind::Setting,
    title: "Images are collected and pods evicted before a disk is full",
    explanation: "A node whose disk or memory runs full stops working as a whole. The kubelet deletes unused images \
        (`imageGCHighThresholdPercent`, `imageGCLowThresholdPercent`, `imageMinimumGCAge`) and evicts pods (`evictionHard`) \
        before that. Every kubelet has defaults for the first three; thresholds for eviction come by default with a \
        configuration file (with flags alone, from 1.26 on, there are none).\n\n\
        One family of editions, for OpenShift, asks for all four to be there. They are; what a person can judge is whether the \
        numbers fit the node.",
    remedy: "set `evictionHard`, `imageGCHighThresholdPercent`, `imageGCLowThresholdPercent` and `imageMinimumGCAge` to what fits \
        the node",
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

const EVICTION: &str = "evictionHard";

fn judge(case: &Case) -> Verdict {
    let (eviction, high) = match (case.setting(EVICTION), case.setting("imageGCHighThresholdPercent")) {
        (Ok(eviction), Ok(high)) => (eviction, high),
        (Err(verdict), _) | (_, Err(verdict)) => return *verdict,
    };
    let place = eviction.by.place;
    if eviction.value == "{}" {
        let mut verdict =
            Verdict::new(Status::Fail, "no-eviction", "nothing is evicted, whatever runs full", evidence(place, "no threshold is set"));
        verdict.remedies.push(remedy::in_words(case.platform, CHECK.remedy));
        return verdict;
    }
    if high.value == "100" {
        let text = "images are never collected: the threshold is 100 percent";
        return Verdict::new(Status::Fail, "no-image-gc", text, evidence(high.by.place, "must be below 100"));
    }
    Verdict::new(Status::Pass, "as-asked", "thresholds are set for images and for eviction", evidence(place, "this decides"))
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("|")
        .pass("| evictionHard: {memory.available: 100Mi}\nimageGCHighThresholdPercent: 90")
        .fail("")
        .fail("| imageGCHighThresholdPercent: 100")
        .undetermined("| imageGCHighThresholdPercent: 101");
}
