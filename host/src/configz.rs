//! The live configuration that the user hands over: a saved answer of `/configz`, or the address of a `kubectl proxy` that
//! gives it.

use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use kubevet_judge::live::MAX_ANSWER;
use kubevet_report::escape;
use kubevet_rules::model::{Content, Outcome};
use serde::Deserialize;
use ureq::config::Config;
use ureq::http::{Response, StatusCode, Uri, header};
use ureq::{Agent, Body};

use crate::command::Fatal;
use crate::named;

pub use kubevet_judge::live::WithLive;

/// How long the whole of an answer may take, however it drips. It takes milliseconds, but may pass through an API server
/// that is busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest header, in bytes. That of an API server has a few hundred.
const MAX_HEADER: usize = 16 << 10;

/// How much is read of an answer that is an error, in bytes: an API server says in a line what is wrong.
const MAX_ERROR: u64 = 16 << 10;

/// How much of that is quoted, in characters.
const LONGEST_REASON: usize = 200;

const PROXY: &str = "run `kubectl proxy`, and name http://127.0.0.1:8001/api/v1/nodes/NODE/proxy/configz";
const SAVED: &str =
    "or save the answer, and name the file: kubectl get --raw /api/v1/nodes/NODE/proxy/configz > configz.json";

/// Reads a saved answer (`-`: standard input), or asks at an address.
///
/// # Errors
/// Where no whole answer comes: why, and what to do. What an answer holds is for the plugin to say.
pub fn read(named: &Path) -> Result<Outcome, Fatal> {
    let word = named.to_str().unwrap_or_default();
    if has_scheme(word, "http://") {
        return fetch(word, PATIENCE);
    }
    if has_scheme(word, "https://") {
        return Err(Fatal::new(format!("{word}: kubevet speaks no TLS and holds no credentials"))
            .help(PROXY)
            .help(SAVED));
    }
    let bytes = named::read(named, MAX_ANSWER)
        .map_err(|why| Fatal::new(format!("{}: {}", named.display(), String::from(why))))?;
    Ok(bytes.map_or(Outcome::TooLarge(MAX_ANSWER), found))
}

fn has_scheme(word: &str, scheme: &str) -> bool {
    word.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

fn found(bytes: Vec<u8>) -> Outcome {
    Outcome::Found(Content::File(bytes))
}

/// Asks once: no redirect is followed, no proxy of the environment is used, and nothing compressed is asked for.
fn fetch(url: &str, patience: Duration) -> Result<Outcome, Fatal> {
    let fatal = |why: String| Fatal::new(format!("{url}: {why}"));
    let failed = |error: ureq::Error| {
        let (why, help) = in_words(&error, patience);
        let fatal = fatal(why);
        if help.is_empty() { fatal } else { fatal.help(help) }
    };
    if !is_address(url) {
        return Err(fatal("is no address".into()).help(PROXY));
    }
    let agent: Agent = Config::builder()
        .timeout_global(Some(patience))
        .max_response_header_size(MAX_HEADER)
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into();
    let mut response = agent.get(url).header(header::ACCEPT, "application/json").call().map_err(failed)?;
    if response.status() != StatusCode::OK {
        return Err(refused(url, &mut response));
    }
    if let Some(encoding) = response.headers().get(header::CONTENT_ENCODING).filter(|encoding| *encoding != "identity")
    {
        let encoding = escape::text(&String::from_utf8_lossy(encoding.as_bytes())).into_owned();
        return Err(fatal(format!("the answer is compressed ({encoding}), which was not asked for")).help(SAVED));
    }
    let bytes = first(&mut response, MAX_ANSWER + 1).map_err(|error| failed(error.into()))?;
    Ok(if bytes.len() as u64 > MAX_ANSWER { Outcome::TooLarge(MAX_ANSWER) } else { found(bytes) })
}

/// A host, and a port that is one: the client would take another one for it. A name and a password have no place in it.
fn is_address(url: &str) -> bool {
    let uri = url.parse::<Uri>().ok();
    let authority = uri.as_ref().and_then(Uri::authority);
    authority.is_some_and(|authority| {
        let is_plain = !authority.host().is_empty() && !authority.as_str().contains('@');
        is_plain && (authority.as_str() == authority.host() || authority.port_u16().is_some_and(|port| port > 0))
    })
}

fn first(response: &mut Response<Body>, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    response.body_mut().as_reader().take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Why no answer came, and what to do.
fn in_words(error: &ureq::Error, patience: Duration) -> (String, &'static str) {
    match error {
        ureq::Error::Timeout(_) => (format!("no whole answer within {patience:?}"), "does the node run?"),
        ureq::Error::HostNotFound => ("there is no such host".into(), PROXY),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            ("nobody listens there (connection refused)".into(), PROXY)
        }
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            ("the connection ended before the answer was whole".into(), "")
        }
        ureq::Error::Io(error) => (error.to_string(), ""),
        ureq::Error::LargeResponseHeader(..) => {
            (format!("the header of the answer has more than {MAX_HEADER} bytes"), "")
        }
        error => (format!("what answers there speaks no HTTP that can be read ({error})"), PROXY),
    }
}

/// An answer that is none: the status, what the server says to it, and what to do.
fn refused(url: &str, response: &mut Response<Body>) -> Fatal {
    let status = response.status();
    let reason = reason(response);
    let said = reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let fatal = |what: &str| Fatal::new(format!("{url}: {what} ({}){said}", status.as_u16()));
    match status {
        StatusCode::UNAUTHORIZED => fatal("the API server does not know who asks")
            .help("`kubectl proxy` asks with the credentials of your kubeconfig: try `kubectl get nodes`"),
        StatusCode::FORBIDDEN => fatal("may not be read")
            .help("this needs the right to `get` `nodes/proxy`, which lets its holder run commands in every pod of the node")
            .help("so rather have somebody who has it save the answer: kubectl get --raw /api/v1/nodes/NODE/proxy/configz"),
        StatusCode::NOT_FOUND if reason.is_some() => {
            fatal("is not there").help("`kubectl get nodes` shows how the nodes are called")
        }
        StatusCode::NOT_FOUND => fatal("is not there")
            .help("a kubelet with `enableDebuggingHandlers: false` has no /configz: judge its flags and files instead")
            .help(PROXY),
        status if status.is_redirection() => fatal("sends elsewhere, which is not followed").help(PROXY),
        status if status.is_server_error() => {
            fatal("the server fails").help("does the node run, and does the API server reach its kubelet (port 10250)?")
        }
        _ => fatal("is no answer of /configz").help(PROXY),
    }
}

/// What an API server says in its `Status`.
fn reason(response: &mut Response<Body>) -> Option<String> {
    #[derive(Deserialize)]
    struct Status {
        message: String,
    }
    let body = first(response, MAX_ERROR).ok()?;
    let status: Status = serde_json::from_slice(&body).ok()?;
    Some(escape::text(&status.message).chars().take(LONGEST_REASON).collect())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};
    use std::thread;
    use std::time::Instant;

    use super::*;

    /// Serves one connection, and gives its address.
    fn server(serve: impl FnOnce(&mut TcpStream) -> io::Result<()> + Send + 'static) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..length]).to_lowercase();
            assert!(request.starts_with("get /configz ") && !request.contains("accept-encoding"), "{request}");
            // Who asked may be gone already.
            let _ = serve(&mut stream);
        });
        format!("http://127.0.0.1:{port}/configz")
    }

    fn answer(bytes: impl Into<Vec<u8>>) -> String {
        let bytes = bytes.into();
        server(move |stream| stream.write_all(&bytes))
    }

    fn refusal(url: &str, patience: Duration) -> String {
        match fetch(url, patience) {
            Ok(outcome) => panic!("{outcome:?}"),
            Err(fatal) => fatal.to_string(),
        }
    }

    const SHORT: Duration = Duration::from_millis(500);
    const HEAD: &str = "HTTP/1.1 200 OK\r\n";

    #[test]
    fn an_answer_is_taken_as_it_is() {
        let url = answer(format!("{HEAD}Content-Length: 3\r\n\r\n{{ }}"));
        assert_eq!(fetch(&url, PATIENCE).ok(), Some(found(b"{ }".to_vec())));
        let url = answer(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n1\r\n}}\r\n0\r\n\r\n"));
        assert_eq!(fetch(&url, PATIENCE).ok(), Some(found(b"{}".to_vec())));
        // Without a length, the end of the connection is the end of the answer; it may be cut off, which JSON tells.
        let url = answer(format!("{HEAD}\r\n{{"));
        assert_eq!(fetch(&url, PATIENCE).ok(), Some(found(b"{".to_vec())));
    }

    #[test]
    fn neither_silence_nor_drops_keep_anybody_waiting() {
        let silent = server(|_| {
            thread::sleep(Duration::from_secs(60));
            Ok(())
        });
        let drip = |head: &'static str, drop: &'static [u8]| {
            server(move |stream| {
                stream.write_all(head.as_bytes())?;
                loop {
                    stream.write_all(drop)?;
                    thread::sleep(Duration::from_millis(20));
                }
            })
        };
        let informing = server(|stream| {
            loop {
                stream.write_all(b"HTTP/1.1 103 Early Hints\r\n\r\n")?;
                thread::sleep(Duration::from_millis(20));
            }
        });
        for url in [
            silent,
            drip("HTTP/1.1 200 OK\r\n", b"a"),
            drip("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" "),
            drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
            drip("HTTP/1.1 404 Not Found\r\nContent-Length: 1000000\r\n\r\n", b" "),
            informing,
        ] {
            let start = Instant::now();
            let said = refusal(&url, SHORT);
            assert!(start.elapsed() < 4 * SHORT, "{said} after {:?}", start.elapsed());
            assert!(said.contains("no whole answer within 500ms") || said.contains("(404)"), "{said}");
        }
    }

    #[test]
    fn an_endless_answer_is_too_large() {
        for head in ["", "Content-Length: 99999999999\r\n"] {
            let url = server(move |stream| {
                write!(stream, "{HEAD}{head}\r\n")?;
                loop {
                    stream.write_all(&[b' '; 65_536])?;
                }
            });
            assert_eq!(fetch(&url, PATIENCE).ok(), Some(Outcome::TooLarge(MAX_ANSWER)));
        }
    }

    #[test]
    fn what_is_no_answer_says_what_it_is() {
        let nobody = {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            format!("http://{}/configz", listener.local_addr().unwrap())
        };
        let status =
            |line: &str, body: &str| answer(format!("HTTP/1.1 {line}\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
        let long_header = format!("{HEAD}X: {}\r\n\r\n{{}}", "x".repeat(MAX_HEADER));
        let many_headers = format!("{HEAD}{}\r\n{{}}", "X: 1\r\n".repeat(1_000));
        let bomb = format!("{HEAD}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u{1f}bomb");
        let mut wrong = vec![];
        for (url, said) in [
            (nobody, "nobody listens there"),
            ("http://".into(), "is no address"),
            ("http://a b/configz".into(), "is no address"),
            ("http://127.0.0.1:99999/configz".into(), "is no address"),
            ("http://127.0.0.1:/configz".into(), "is no address"),
            ("http://name:word@127.0.0.1:1/configz".into(), "is no address"),
            (status("401 Unauthorized", ""), "does not know who asks (401)"),
            (
                status("403 Forbidden", r#"{"kind":"Status","message":"nodes is forbidden"}"#),
                "may not be read (403): nodes is forbidden",
            ),
            (
                status("404 Not Found", r#"{"kind":"Status","message":"nodes \"x\" not found"}"#),
                "is not there (404): nodes \"x\" not found",
            ),
            (status("404 Not Found", "404 page not found\n"), "enableDebuggingHandlers"),
            (status("500 Internal Server Error", "{"), "the server fails (500)"),
            (
                status("503 Service Unavailable", r#"{"message":"dial tcp\u001b[2J"}"#),
                "the server fails (503): dial tcp",
            ),
            (status("302 Found", ""), "which is not followed (302)"),
            (
                answer("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n"),
                "which is not followed (307)",
            ),
            (status("204 No Content", ""), "is no answer of /configz (204)"),
            (answer(""), "ended before the answer was whole"),
            (answer("HTTP/1.1 200 OK\r\nContent-Len"), "ended before the answer was whole"),
            (answer(format!("{HEAD}Content-Length: 10\r\n\r\n{{}}")), "ended before the answer was whole"),
            (
                answer(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nff\r\n{{}}")),
                "ended before the answer was whole",
            ),
            (answer(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{{}}")), "speaks no HTTP"),
            (answer("SSH-2.0-OpenSSH_9.6\r\n\r\n"), "speaks no HTTP"),
            (answer("HTTP/9.9 200 OK\r\n\r\n{}"), "speaks no HTTP"),
            (answer([b"\x15\x03\x01\x00\x02\x02".as_slice(), &[0xff; 64]].concat()), "speaks no HTTP"),
            (answer(long_header), "header of the answer"),
            (answer(many_headers), "speaks no HTTP"),
            (answer(bomb), "the answer is compressed (gzip)"),
        ] {
            let text = refusal(&url, PATIENCE);
            if !text.contains(said) || text.contains('\u{1b}') {
                wrong.push(format!("{said}: {text:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
