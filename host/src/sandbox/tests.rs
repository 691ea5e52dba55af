use kubevet_rules::model::{Content, Document, Error, Options, Outcome, Process, Want};

use super::*;

impl Sandbox {
    /// For the plugin that misbehaves, and with less patience.
    pub fn hostile(time: Duration) -> Sandbox {
        let loaded = artefact::copied(kubevet_guests::HOSTILE).and_then(Loaded::new).unwrap();
        Sandbox { loaded, time }
    }
}

fn hostile() -> Sandbox {
    Sandbox::hostile(GUEST_TIME)
}

fn attack(kind: &str) -> Options {
    Options { values: vec![("attack".into(), kind.into())], ..Options::default() }
}

/// The words of the error, after a proof that the sandbox still works.
fn outcome(sandbox: &Sandbox, kind: &str) -> String {
    let error = sandbox.evaluate(&[], &attack(kind)).unwrap_err();
    assert_eq!(sandbox.evaluate(&[], &attack("none")).unwrap().versions, ["harmless"]);
    error.to_string()
}

fn document(id: u32, answers: Want, content: Content) -> Document {
    Document { id, answers, outcome: Outcome::Found(content) }
}

fn kubelet(arguments: &[&[u8]]) -> Document {
    let arguments = arguments.iter().map(|argument| argument.to_vec()).collect();
    let facts = vec![("pid".into(), "1".into())];
    document(0, Want::Processes("kubelet".into()), Content::Process(Process { arguments, cwd: b"/".into(), facts }))
}

#[test]
fn component_imports_nothing() {
    let Loaded { engine, plugin, .. } = Sandbox::new().unwrap().loaded;
    assert_eq!(plugin.instance_pre().component().component_type().imports(&engine).count(), 0);
}

#[test]
fn sandbox_answers_as_the_rules_do() {
    let sandbox = Sandbox::new().unwrap();
    assert_eq!(sandbox.describe("en"), Ok(kubevet_rules::describe("en")));

    let options = Options { list_settings: true, ..Options::default() };
    let config = document(1, Want::File(b"/etc/k.json".into()), Content::File(b"{\"readOnlyPort\":10255}".into()));
    let targets = [vec![], vec![kubelet(&[b"--config=/etc/k.json", b"\xff"])], vec![kubelet(&[]), config]];
    for documents in targets {
        assert_eq!(
            sandbox.plan(&documents, &options),
            kubevet_rules::plan(&documents, &options).map_err(SandboxError::Declined)
        );
        assert_eq!(
            sandbox.evaluate(&documents, &options),
            kubevet_rules::evaluate(&documents, &options).map_err(SandboxError::Declined)
        );
    }
}

#[test]
fn large_documents_fit() {
    let large = |id| document(id, Want::File(vec![]), Content::File(vec![b' '; 3 << 20]));
    let documents: Vec<Document> = (0..16).map(large).collect();
    let result = Sandbox::new().unwrap().evaluate(&documents, &Options::default());
    assert!(matches!(result, Ok(_) | Err(SandboxError::Declined(_))), "{result:?}");
}

#[test]
fn calls_may_come_from_many_threads() {
    let sandbox = Sandbox { time: Duration::from_millis(300), ..hostile() };
    thread::scope(|scope| {
        let endless = scope.spawn(|| sandbox.evaluate(&[], &attack("endless-loop")));
        while !endless.is_finished() {
            assert!(sandbox.evaluate(&[], &attack("none")).is_ok());
        }
        assert_eq!(endless.join().unwrap(), Err(SandboxError::Limit(Limit::Time)));
    });
}

#[test]
fn more_calls_than_there_are_slots_wait_for_one() {
    let sandbox = Sandbox { time: Duration::from_millis(300), ..hostile() };
    thread::scope(|scope| {
        let long: Vec<_> =
            (0..slots::SLOTS).map(|_| scope.spawn(|| sandbox.evaluate(&[], &attack("endless-loop")))).collect();
        let short: Vec<_> = (0..slots::SLOTS).map(|_| scope.spawn(|| sandbox.evaluate(&[], &attack("none")))).collect();
        assert!(short.into_iter().all(|call| call.join().unwrap().is_ok()));
        assert!(long.into_iter().all(|call| call.join().unwrap() == Err(SandboxError::Limit(Limit::Time))));
    });
}

#[test]
fn nothing_is_left_of_the_call_before() {
    let sandbox = hostile();
    for _ in 0..3 {
        assert_eq!(sandbox.evaluate(&[], &attack("leave-traces")).unwrap().versions, ["(0, 0)"]);
    }
}

#[test]
fn a_room_has_limits_too_and_stays_usable() {
    let sandbox = Sandbox { time: Duration::from_millis(100), ..hostile() };
    let own = Sandbox::new().unwrap();
    let in_room = || {
        for (kind, limit) in [("endless-loop", Limit::Time), ("deep-recursion", Limit::Stack), ("none", Limit::Time)] {
            let expected = if kind == "none" { Ok(vec!["harmless".into()]) } else { Err(SandboxError::Limit(limit)) };
            assert_eq!(sandbox.evaluate(&[], &attack(kind)).map(|report| report.versions), expected);
        }
        own.describe("en").map(|description| description.id)
    };
    assert_eq!(sandbox.room(in_room), Ok(Ok("kubelet".into())));
}

#[test]
fn what_the_plugin_declines_is_told() {
    let error = hostile().plan(&[], &attack("unwanted")).unwrap_err();
    assert_eq!(error, SandboxError::Declined(Error::BadOption("unwanted".into())));
    assert_eq!(error.to_string(), "unwanted");
}

#[test]
fn endless_loop_hits_the_time_limit() {
    let sandbox = Sandbox { time: Duration::from_millis(100), ..hostile() };
    assert_eq!(outcome(&sandbox, "endless-loop"), "the plugin takes longer than 10 s (limit GUEST_TIME)");
    assert_eq!(sandbox.describe("endless-loop"), Err(SandboxError::Limit(Limit::Time)));
}

#[test]
fn memory_bomb_hits_the_memory_limit() {
    assert_eq!(outcome(&hostile(), "memory-bomb"), "the plugin needs more than 256 MiB of memory (limit GUEST_MEMORY)");
}

#[test]
fn deep_recursion_hits_the_stack_limit() {
    assert_eq!(outcome(&hostile(), "deep-recursion"), "the plugin needs more than 8 MiB of stack (limit GUEST_STACK)");
}

#[test]
fn the_stack_in_the_guests_memory_is_bounded_too() {
    assert_eq!(outcome(&hostile(), "deep-frames"), "the plugin broke off: it left its memory, or its stack is full");
}

#[test]
fn huge_answers_hit_the_output_limit() {
    for kind in ["huge-text", "many-texts"] {
        assert_eq!(outcome(&hostile(), kind), "the plugin answers with more than 64 MiB (limit GUEST_OUTPUT)");
    }
}

#[test]
fn a_trap_is_a_crash() {
    let words = outcome(&hostile(), "trap");
    assert_eq!(words, "the plugin broke off: wasm trap: wasm `unreachable` instruction executed");
}

#[test]
fn a_text_that_is_no_text_is_a_crash() {
    assert!(outcome(&hostile(), "not-unicode").contains("utf-8"));
}

#[test]
fn a_plugin_that_is_no_artefact_does_not_load() {
    assert!(artefact::copied(b"junk").is_err());
}
