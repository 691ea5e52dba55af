//! `image-gc-and-eviction`

use super::prelude::*;
use crate::json::Json;
use crate::kubelet::eviction;
use crate::judging::remedy;

pub const CHECK: Check = Check {
    id: "image-gc-and-eviction",
    kind: CheckKind::Setting,
    title: words!(
        "Images are collected and pods evicted before a disk is full",
        "ディスクがいっぱいになる前にイメージが回収され Pod が退避される"
    ),
    explanation: paragraphs![words!(
        "A node whose disk or memory runs full stops working as a whole. The kubelet deletes unused images \
        (`imageGCHighThresholdPercent`, `imageGCLowThresholdPercent`, `imageMinimumGCAge`) and evicts pods (`evictionHard`) \
        before that. Every kubelet has defaults for the first three; thresholds for eviction come by default with a \
        configuration file (with flags alone, from 1.26 on, there are none).\n\n\
        One family of editions, for OpenShift, asks for all four to be there. They are; what a person can judge is whether the \
        numbers fit the node.",
        "ディスクやメモリが枯渇したノードは、全体が機能しなくなります。kubelet はその前に、\
        未使用のイメージを削除し（`imageGCHighThresholdPercent`、`imageGCLowThresholdPercent`、\
        `imageMinimumGCAge`）、Pod を退避します（`evictionHard`）。最初の 3 つにはどの kubelet にも\
        デフォルト値があります。退避のしきい値は、設定ファイルがある場合にデフォルト値があります\
        （1.26 以降、フラグのみの場合はありません）。\n\n\
        OpenShift 向けの一連の版は、4 つすべてがあることを求めます。実際にはすべて存在するため、\
        人が判断できるのは、値がノードに合っているかどうかです。"
    )],
    remedy: words!(
        "set `evictionHard`, `imageGCHighThresholdPercent`, `imageGCLowThresholdPercent` and `imageMinimumGCAge` to what fits \
        the node",
        "`evictionHard`、`imageGCHighThresholdPercent`、`imageGCLowThresholdPercent`、\
        `imageMinimumGCAge` をノードに合った値にします"
    ),
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

const EVICTION: &str = "evictionHard";

/// The kubelet's own defaults.
const THRESHOLDS: Change = Change {
    path: EVICTION,
    flag: "eviction-hard",
    value: r#"{"imagefs.available":"15%","memory.available":"100Mi","nodefs.available":"10%","nodefs.inodesFree":"5%"}"#,
};
const HIGH: Change = Change { path: "imageGCHighThresholdPercent", flag: "image-gc-high-threshold", value: "85" };

const LOW: Change = Change { path: "imageGCLowThresholdPercent", flag: "image-gc-low-threshold", value: "80" };
const AGE: Change = Change { path: "imageMinimumGCAge", flag: "minimum-image-ttl-duration", value: "\"2m0s\"" };

/// What is wrong where a source has to set them all.
fn not_set(case: &Case) -> Option<Verdict> {
    let verdict = |Change { path, flag, value }| {
        let decided = case.setting(path).ok()?;
        let wanted = Wanted { must: words!("be set", "設定しなければなりません"), value, fine: |_| true };
        let verdict = Setting { path, flag, failing: Words::NONE }.verdict(case, &wanted, &decided, true);
        (verdict.status != Status::Pass).then_some(verdict)
    };
    [THRESHOLDS, HIGH, LOW, AGE].into_iter().find_map(verdict)
}

/// Whether some threshold counts.
fn evicts(case: &Case) -> bool {
    let thresholds = case.kubelet.config.as_ref().and_then(|config| config.get(EVICTION));
    let counts = |value: &Json| value.as_text().is_some_and(eviction::counts);
    matches!(thresholds, Some(Json::Map(map)) if map.iter().any(|(_, value)| counts(value)))
}

fn judge(case: &Case) -> Verdict {
    let (thresholds, high) = match (case.setting(EVICTION), case.setting("imageGCHighThresholdPercent")) {
        (Ok(thresholds), Ok(high)) => (thresholds, high),
        (Err(verdict), _) | (_, Err(verdict)) => return *verdict,
    };
    let place = thresholds.by.place;
    if !evicts(case) {
        let text = words!("nothing is evicted, whatever runs full", "何が枯渇しても Pod は退避されません");
        let place = evidence(place, words!("no threshold is set that counts", "有効なしきい値が設定されていません"));
        let remedy = remedy::in_words(case.platform, CHECK.remedy);
        return Verdict::new(Status::Fail, "no-eviction", text, place).change(case, &THRESHOLDS, &thresholds, remedy);
    }
    if high.value == "100" {
        let text = words!("images are never collected: the threshold is 100 percent", "しきい値が 100 パーセントのため、イメージは回収されません");
        let place = evidence(high.by.place, words!("must be below 100", "100 未満でなければなりません"));
        let remedy = remedy::in_words(case.platform, CHECK.remedy);
        return Verdict::new(Status::Fail, "no-image-gc", text, place).change(case, &HIGH, &high, remedy);
    }
    not_set(case).unwrap_or_else(|| Verdict::new(Status::Pass, "as-asked", words!("thresholds are set for images and for eviction", "イメージと退避のしきい値が設定されています"), evidence(place, words!("this decides", "この値が有効です"))))
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("|")
        .pass("| evictionHard: {memory.available: 100Mi}\nimageGCHighThresholdPercent: 90")
        .fail("")
        .fail("| imageGCHighThresholdPercent: 100")
        .fail("| evictionHard: {memory.available: 0%, nodefs.available: 100%}")
        .pass("| evictionHard: {memory.available: 0%, nodefs.available: 99%}")
        .undetermined("| imageGCHighThresholdPercent: 101")
        .with("require-explicit", "true")
        .fail("|")
        .fail("| evictionHard: {memory.available: 100Mi}\nimageGCHighThresholdPercent: 90")
        .pass("--image-gc-low-threshold=70 | evictionHard: {memory.available: 100Mi}\nimageGCHighThresholdPercent: 90\nimageMinimumGCAge: 1m");
}
