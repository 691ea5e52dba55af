//! `ip-address-deny`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "ip-address-deny",
    kind: CheckKind::Setting,
    title: "The kubelet's service filters addresses",
    explanation: "`IPAddressDeny=any`, with `IPAddressAllow=` for what is needed, makes systemd drop the traffic of a service by \
        address. One edition lists it with the kubelet's arguments, but it is a property of the service's unit: no flag and no \
        configuration file can hold it, and on nodes whose kubelet is started otherwise there is none.\n\n\
        kubevet does not read units, so a person has to look: `systemctl show kubelet \
        --property=IPAddressDeny,IPAddressAllow`.",
    remedy: "set `IPAddressDeny=any` and the addresses that the kubelet needs with `IPAddressAllow=` in a drop-in of the kubelet's \
        unit",
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

fn judge(_: &Case) -> Verdict {
    let text = "`IPAddressDeny` belongs to the service's unit, not to the kubelet: look with `systemctl show kubelet --property=IPAddressDeny`";
    Verdict::new(Status::Manual, "unit-property", text, evidence(Place::Target, ""))
}

#[test]
fn cases() {
    Tester::new(&CHECK).manual("").manual("|").manual("--no-such-flag");
}
