//! What a document says about itself.

mod async_license_without_url;
mod incomplete_async_contact;
mod missing_async_contact;
mod missing_async_description;
mod missing_async_license;
mod older_asyncapi_version;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &missing_async_contact::RULE,
    &incomplete_async_contact::RULE,
    &missing_async_description::RULE,
    &missing_async_license::RULE,
    &async_license_without_url::RULE,
    &older_asyncapi_version::RULE,
];
