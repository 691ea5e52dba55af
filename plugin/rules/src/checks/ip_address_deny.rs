//! `ip-address-deny`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "ip-address-deny",
    kind: CheckKind::Setting,
    title: words!(
        "The kubelet's service filters addresses",
        "kubelet のサービスはアドレスを制限する"
    ),
    explanation: paragraphs![words!(
        "`IPAddressDeny=any`, with `IPAddressAllow=` for what is needed, makes systemd drop the traffic of a service by \
        address. One edition lists it with the kubelet's arguments, but it is a property of the service's unit: no flag and no \
        configuration file can hold it, and on nodes whose kubelet is started otherwise there is none.\n\n\
        kubevet does not read units, so a person has to look: `systemctl show kubelet \
        --property=IPAddressDeny,IPAddressAllow`.",
        "`IPAddressDeny=any` と、必要なものを許可する `IPAddressAllow=` により、systemd はサービスの通信を\
        アドレスで遮断します。ある版はこれを kubelet の引数として挙げていますが、これはサービスの\
        ユニットのプロパティです。フラグや設定ファイルでは指定できず、別の方法で kubelet が\
        起動されるノードには存在しません。\n\n\
        kubevet はユニットを読み込まないため、\
        人が確認します: `systemctl show kubelet --property=IPAddressDeny,IPAddressAllow`。"
    )],
    remedy: words!(
        "set `IPAddressDeny=any` and the addresses that the kubelet needs with `IPAddressAllow=` in a drop-in of the kubelet's \
        unit",
        "kubelet のユニットのドロップインで `IPAddressDeny=any` を設定し、\
        kubelet に必要なアドレスを `IPAddressAllow=` で指定します"
    ),
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

fn judge(_: &Case) -> Verdict {
    let text = words!(
        "`IPAddressDeny` belongs to the service's unit, not to the kubelet: look with `systemctl show kubelet --property=IPAddressDeny`",
        "`IPAddressDeny` は kubelet ではなくサービスのユニットに属します。`systemctl show kubelet --property=IPAddressDeny` で確認してください"
    );
    Verdict::new(Status::Manual, "unit-property", text, evidence(Place::Target, Text::NONE))
}

#[test]
fn cases() {
    Tester::new(&CHECK).manual("").manual("|").manual("--no-such-flag");
}
