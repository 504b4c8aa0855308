//! The events of a gateway, in the order they were committed, by its own surface.

use serde_json::Value;

use crate::client::{Client, Request, encode};

/// Where a gateway lists its events, and takes those that arise elsewhere.
pub const PATH: &str = "/_tenon/events";

/// Events asked for at once, a count.
const PAGE: u32 = 500;

/// Pages read to the end of what is there already, a count: past this somebody else is busy.
const PAGES_MAX: u32 = 10_000;

/// A place in the list of events.
#[derive(Debug)]
pub struct Feed {
    token: String,
    cursor: String,
}

impl Feed {
    /// The end of the list as it is now.
    ///
    /// # Errors
    /// Why there is no such list.
    pub async fn open(client: &Client, token: String) -> Result<Self, String> {
        let mut feed = Self { token, cursor: "0".to_owned() };
        feed.skip(client).await?;
        Ok(feed)
    }

    async fn skip(&mut self, client: &Client) -> Result<(), String> {
        for _ in 0..PAGES_MAX {
            if self.page(client).await?.is_empty() {
                return Ok(());
            }
        }
        Err("the list of events has no end".to_owned())
    }

    /// The events since the last look, with their payloads; those with another correlation id are
    /// somebody else's.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub async fn next(
        &mut self,
        client: &Client,
        correlation: Option<&str>,
    ) -> Result<Vec<(String, Value)>, String> {
        let mut found = Vec::new();
        for _ in 0..PAGES_MAX {
            let page = self.page(client).await?;
            if page.is_empty() {
                break;
            }
            let own = |event: &Value| {
                let id = event.pointer("/data/correlation_id").and_then(Value::as_str);
                correlation.is_none() || id.is_none() || id == correlation
            };
            found.extend(page.iter().filter(|event| own(event)).map(|event| {
                let kind = event.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
                let data = event.get("data").unwrap_or(&Value::Null);
                (kind, data.get("payload").unwrap_or(data).clone())
            }));
        }
        Ok(found)
    }

    async fn page(&mut self, client: &Client) -> Result<Vec<Value>, String> {
        let path = format!("{PATH}?after={}&limit={PAGE}", encode(&self.cursor));
        let headers = vec![
            ("Authorization".to_owned(), format!("Bearer {}", self.token)),
            ("Accept".to_owned(), "application/json".to_owned()),
        ];
        let request = Request { method: "GET".to_owned(), path, headers, body: None };
        let answer = client.send(&request).await.map_err(|error| error.to_string())?;
        let body = answer.json().unwrap_or(Value::Null);
        let items = body.get("items").and_then(Value::as_array);
        let (Some(items), 200) = (items, answer.status) else {
            return Err(format!("its events cannot be read: GET {PATH} answers {}", answer.status));
        };
        if let Some(cursor) = body.get("next_cursor") {
            self.cursor = cursor.as_str().map_or_else(|| cursor.to_string(), str::to_owned);
        }
        Ok(items.clone())
    }
}
