//! Serves the pages on this machine, from memory.

use tiny_http::{Header, Response, Server};

use crate::{Error, Files};

/// Serves `files` on 127.0.0.1 until the process is ended; port 0 is any free
/// one. What is not among the files is not served.
///
/// # Errors
/// When the port cannot be had.
pub fn serve(files: &Files, port: u16) -> Result<(), Error> {
    let server = Server::http(("127.0.0.1", port)).map_err(|error| {
        Error::Serve(format!(
            "port {port} of 127.0.0.1: {error}; end what listens there, or \
             leave the port out for a free one"
        ))
    })?;
    println!("http://{}/  (Ctrl-C ends it)", server.server_addr());
    for request in server.incoming_requests() {
        let path = request.url().split(['?', '#']).next().unwrap_or("/");
        let mut name = path.trim_start_matches('/').to_owned();
        if name.is_empty() || name.ends_with('/') {
            name.push_str("index.html");
        }
        // A reader that has gone away is no fault of ours.
        let _ = match files.get(&name) {
            Some(bytes) => {
                let kind = kind(&name);
                let header = Header::from_bytes("Content-Type", kind)
                    .expect("the kinds are plain text");
                let response = Response::from_data(bytes.clone());
                request.respond(response.with_header(header))
            }
            None => request.respond(
                Response::from_string("no such page").with_status_code(404),
            ),
        };
    }
    Ok(())
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "text/html; charset=utf-8",
    }
}
