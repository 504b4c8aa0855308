//! What others have installed here: nginx, Envoy, Prism. What is missing is said and left out.

use std::path::{Path, PathBuf};

use super::Setting;
use super::process::{Server, on_server_core};

/// nginx with one worker, which keeps its connections to the server behind it.
pub fn nginx(setting: &Setting, upstream: &str) -> Option<Server> {
    let program = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].map(PathBuf::from);
    let program = program.into_iter().find(|program| program.exists()).or_else(|| said("nginx"))?;
    let scratch = setting.scratch.display();
    let port = free_port()?;
    let config = format!(
        "daemon off; master_process off; worker_processes 1; pid {scratch}/nginx.pid; error_log {scratch}/nginx.log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; keepalive_requests 100000000;\n\
           client_body_temp_path {scratch}/nb; proxy_temp_path {scratch}/np; fastcgi_temp_path {scratch}/nf;\n\
           uwsgi_temp_path {scratch}/nu; scgi_temp_path {scratch}/ns;\n\
           upstream behind {{ server {upstream}; keepalive 64; keepalive_requests 100000000; }}\n\
           server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://behind; proxy_http_version 1.1;\n\
             proxy_set_header Connection \"\"; }} }} }}\n"
    );
    let path = setting.scratch.join("nginx.conf");
    std::fs::write(&path, config).ok()?;
    let mut command = on_server_core(&program);
    command.arg("-c").arg(path);
    told(Server::start_at(command, &format!("127.0.0.1:{port}")))
}

/// Envoy with its router alone.
pub fn envoy(setting: &Setting, upstream: &str) -> Option<Server> {
    let folder = setting.options.peers.as_deref().map(|peers| peers.join("envoy/envoy/_bin/envoy"));
    let program = folder.filter(|program| program.exists()).or_else(|| said("Envoy"))?;
    let (host, behind) = upstream.split_once(':')?;
    let port = free_port()?;
    let address =
        |host: &str, port: &str| format!("{{socket_address: {{address: {host}, port_value: {port}}}}}");
    let manager = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    let router = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";
    let config = format!(
        "static_resources:\n  listeners:\n  - address: {}\n    filter_chains:\n    - filters:\n\
         \x20     - name: http\n        typed_config:\n          \"@type\": {manager}\n          stat_prefix: http\n\
         \x20         route_config: {{virtual_hosts: [{{name: all, domains: ['*'], routes: [{{match: {{prefix: /}}, route: {{cluster: behind}}}}]}}]}}\n\
         \x20         http_filters: [{{name: router, typed_config: {{\"@type\": {router}}}}}]\n\
         \x20 clusters:\n  - {{name: behind, connect_timeout: 1s, load_assignment: {{cluster_name: behind, endpoints: [{{lb_endpoints: [{{endpoint: {{address: {}}}}}]}}]}}}}\n",
        address("127.0.0.1", &port.to_string()),
        address(host, behind),
    );
    let path = setting.scratch.join("envoy.yaml");
    std::fs::write(&path, config).ok()?;
    let mut command = on_server_core(&program);
    command.arg("-c").arg(path).args(["--concurrency", "1", "-l", "off", "--disable-hot-restart"]);
    told(Server::start_at(command, &format!("127.0.0.1:{port}")))
}

/// Prism's mock, silent.
pub fn prism(setting: &Setting) -> Option<Server> {
    let folder = setting.options.peers.as_deref().map(|peers| peers.join("prism/node_modules/.bin/prism"));
    let program = folder.filter(|program| program.exists()).or_else(|| said("Prism"))?;
    let port = free_port()?;
    let mut command = on_server_core(&program);
    let document: PathBuf = Path::new(&setting.fixtures).join("mock.openapi.yaml");
    command.args(["mock", "-v", "silent", "-p", &port.to_string()]).arg(document);
    told(Server::start_at(command, &format!("127.0.0.1:{port}")))
}

fn free_port() -> Option<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").ok()?;
    Some(listener.local_addr().ok()?.port())
}

fn said<T>(name: &str) -> Option<T> {
    eprintln!("{name} is not installed here, and left out");
    None
}

fn told(started: Result<Server, String>) -> Option<Server> {
    started.inspect_err(|error| eprintln!("left out: {error}")).ok()
}
